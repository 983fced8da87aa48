package io.securestreams.core.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Nested classes that hold what the source defines, as many as it takes: a class file has room for
 * 65535 constants and a method for 65535 bytes. Source: JVMS 4.11.
 */
final class Holders {

  /** Of an expression's names and literals each takes three constants or fewer. */
  private static final int HEAVIEST = 15_000;

  private static final int MOST_MEMBERS = 200;

  private final String group;
  private final TypeNames types;
  private final List<Holder> holders = new ArrayList<>();

  /**
   * Starts empty.
   *
   * @param group the name of the first class
   * @param types of the file
   */
  Holders(String group, TypeNames types) {
    this.group = group;
    this.types = types;
  }

  /** One nested class. */
  private static final class Holder {

    private final String type;
    private final JavaNames constants = new JavaNames();
    private final JavaNames methods = new JavaNames();
    private final StringBuilder fields = new StringBuilder();
    private final StringBuilder bodies = new StringBuilder();
    private int members;
    private int weight;

    Holder(String type) {
      this.type = type;
    }

    String method(String name, String type, Code code) {
      String method = methods.unique(name);
      bodies
          .append("\n    static " + type + " " + method + "() {\n")
          .append("      return " + code.laidOut(13, 6, 1) + ";\n")
          .append("    }\n");
      members++;
      weight += code.weight();
      return method;
    }

    String source() {
      String opened = "  private static final class " + type + " {\n";
      return "\n" + opened + (fields.length() == 0 ? "" : "\n") + fields + bodies + "  }\n";
    }
  }

  /** Defines a constant that the first use of its class builds; gives the expression for it. */
  Code constant(String name, String type, Code code) {
    Holder holder = roomFor(code);
    String constant = holder.constants.unique(name);
    String method = holder.method("make" + camelCase(constant), type, code);
    String declaration = "    static final " + type + " " + constant + " =";
    String creation = method + "();\n";
    boolean fits = declaration.length() + creation.length() <= Code.WIDTH;
    holder.fields.append(declaration).append(fits ? " " : "\n        ").append(creation);
    return new Code.Atom(holder.type + "." + constant);
  }

  /** Defines a method that gives a part of something; gives the call. */
  Code part(String type, Code code) {
    Holder holder = roomFor(code);
    return new Code.Atom(holder.type + "." + holder.method("part", type, code) + "()");
  }

  /** The nested classes. */
  String source() {
    return holders.stream().map(Holder::source).collect(Collectors.joining());
  }

  private Holder roomFor(Code code) {
    Holder last = holders.isEmpty() ? null : holders.get(holders.size() - 1);
    if (last == null || last.members >= MOST_MEMBERS || last.weight + code.weight() > HEAVIEST) {
      last = new Holder(types.declare(group));
      holders.add(last);
    }
    return last;
  }

  private static String camelCase(String constant) {
    return Arrays.stream(constant.split("_", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
