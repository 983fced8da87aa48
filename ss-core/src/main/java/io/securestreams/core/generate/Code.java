package io.securestreams.core.generate;

import java.util.List;
import java.util.stream.Collectors;

/** A Java expression that lays itself out as google-java-format would. */
sealed interface Code {

  /** The widest line. */
  int WIDTH = 100;

  /** How far a continued line is indented. */
  int CONTINUED = 4;

  /** An argument list of nothing longer than this fills its lines. */
  int SHORT = 9;

  /** The expression on one line. */
  String flat();

  /** How many names and literals it has: a bound of what it takes in a class file. */
  int weight();

  /**
   * The expression on as few lines as possible.
   *
   * @param column where it begins
   * @param indent of the line in which it begins
   * @param tail how many chars follow it on its last line
   */
  String laidOut(int column, int indent, int tail);

  /**
   * Something that is never broken.
   *
   * @param flat a name or a literal
   */
  record Atom(String flat) implements Code {

    @Override
    public int weight() {
      return 1;
    }

    @Override
    public String laidOut(int column, int indent, int tail) {
      return flat;
    }
  }

  /**
   * String literals that are added.
   *
   * @param literals at least two, each with its quotes
   */
  record Sum(List<Atom> literals) implements Code {

    @Override
    public String flat() {
      return literals.stream().map(Atom::flat).collect(Collectors.joining(" + "));
    }

    @Override
    public int weight() {
      return 1;
    }

    @Override
    public String laidOut(int column, int indent, int tail) {
      String flat = flat();
      if (column + flat.length() + tail <= WIDTH) {
        return flat;
      }
      return literals.stream()
          .map(Atom::flat)
          .collect(Collectors.joining(newLine(indent + CONTINUED) + "+ "));
    }
  }

  /**
   * A call or a creation.
   *
   * @param head what stands before the parenthesis
   * @param arguments in order
   */
  record Call(String head, List<Code> arguments) implements Code {

    @Override
    public String flat() {
      return head + "(" + flat(arguments) + ")";
    }

    @Override
    public int weight() {
      return 1 + arguments.stream().mapToInt(Code::weight).sum();
    }

    @Override
    public String laidOut(int column, int indent, int tail) {
      String flat = flat();
      if (column + flat.length() + tail <= WIDTH || arguments.isEmpty()) {
        return flat;
      }
      int inner = indent + CONTINUED;
      String rest = flat(arguments);
      if (inner + rest.length() + 1 + tail <= WIDTH) {
        return head + "(" + newLine(inner) + rest + ")";
      }
      boolean fills = arguments.stream().allMatch(a -> a.flat().length() <= SHORT);
      return head
          + "("
          + newLine(inner)
          + (fills ? filled(inner, tail) : column(inner, tail))
          + ")";
    }

    private String column(int inner, int tail) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < arguments.size(); i++) {
        boolean last = i + 1 == arguments.size();
        lines.append(arguments.get(i).laidOut(inner, inner, last ? 1 + tail : 1));
        lines.append(last ? "" : "," + newLine(inner));
      }
      return lines.toString();
    }

    private String filled(int inner, int tail) {
      StringBuilder lines = new StringBuilder();
      int at = inner;
      for (int i = 0; i < arguments.size(); i++) {
        boolean last = i + 1 == arguments.size();
        String argument = arguments.get(i).flat() + (last ? "" : ",");
        if (i > 0 && at + 1 + argument.length() + (last ? 1 + tail : 0) > WIDTH) {
          lines.append(newLine(inner));
          at = inner;
        } else if (i > 0) {
          lines.append(' ');
          at++;
        }
        lines.append(argument);
        at += argument.length();
      }
      return lines.toString();
    }

    private static String flat(List<Code> arguments) {
      return arguments.stream().map(Code::flat).collect(Collectors.joining(", "));
    }
  }

  /** A call or a creation; without arguments it is never broken. */
  static Code call(String head, Code... arguments) {
    return call(head, List.of(arguments));
  }

  /** A call or a creation; without arguments it is never broken. */
  static Code call(String head, List<Code> arguments) {
    return arguments.isEmpty() ? new Atom(head + "()") : new Call(head, List.copyOf(arguments));
  }

  private static String newLine(int indent) {
    return "\n" + " ".repeat(indent);
  }
}
