package io.securestreams.core.generate;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Names that Java accepts: those that a caller asks for, and those made of a policy's names. */
final class JavaNames {

  /** Allowed as names of variables, but not of types. Source: JLS 3.8. */
  private static final Set<String> NO_TYPE = Set.of("permits", "record", "sealed", "var", "yield");

  private final Set<String> used = new HashSet<>();

  /** Checks the name of a package. */
  static String checkPackage(String name) {
    if (!SourceVersion.isName(name) || name.equals("java") || name.startsWith("java.")) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot be the name of a package; give one such as com.example.policy");
    }
    return name;
  }

  /** Checks the name of a class. */
  static String checkClass(String name) {
    if (!SourceVersion.isIdentifier(name)
        || SourceVersion.isKeyword(name)
        || NO_TYPE.contains(name)) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot be the name of a class; give one such as StaticPolicy");
    }
    if (isJavaLang(name)) {
      throw new IllegalArgumentException(
          "'" + name + "' is a class of java.lang already; give another name");
    }
    return name;
  }

  /** What a source means without an import: its own class of that name would take its place. */
  private static boolean isJavaLang(String name) {
    try {
      Class.forName("java.lang." + name, false, null);
      return true;
    } catch (ClassNotFoundException free) {
      return false;
    }
  }

  /** A name that was not given before: that one, or it with a number. */
  String unique(String wanted) {
    String name = wanted;
    for (int number = 2; !used.add(name); number++) {
      name = wanted + "_" + number;
    }
    return name;
  }

  /** A policy's name in the spelling of a constant: ASCII capitals, digits and underscores. */
  static String constant(String name) {
    String letters = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return letters.isEmpty() || !Character.isLetter(letters.charAt(0)) ? "N_" + letters : letters;
  }

  /** The name with a capital. */
  static String type(String component) {
    return component.substring(0, 1).toUpperCase(Locale.ROOT) + component.substring(1);
  }
}
