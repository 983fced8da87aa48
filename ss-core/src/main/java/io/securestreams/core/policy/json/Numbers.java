package io.securestreams.core.policy.json;

import java.util.OptionalLong;

/** Integer literals of any length. */
final class Numbers {

  private static final int LONGEST_SHOWN = 24;

  private Numbers() {}

  /** The number, if it lies in the range; both ends belong to it. */
  static OptionalLong inRange(String literal, long min, long max) {
    if (literal.length() > 20) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(literal);
      return number >= min && number <= max ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException beyondLong) {
      return OptionalLong.empty();
    }
  }

  /** What to say of a number outside the range. */
  static String outside(String literal, long min, long max) {
    return shown(literal) + " is not in " + min + ".." + max;
  }

  /** The literal, shortened. */
  static String shown(String literal) {
    return literal.length() <= LONGEST_SHOWN ? literal : literal.substring(0, LONGEST_SHOWN) + "…";
  }

  /** True for a text of 1 to 20 digits. */
  static boolean isDigits(String text) {
    return !text.isEmpty()
        && text.length() <= 20
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
