package io.securestreams.tool;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that was probably meant. */
final class Nearest {

  private Nearest() {}

  /** A hint to append to a sentence: {@code "; did you mean 'x'?"}, or nothing. */
  static String hint(String name, Collection<String> known) {
    return find(name, known).map(found -> "; did you mean '" + found + "'?").orElse("");
  }

  static Optional<String> find(String name, Collection<String> known) {
    int limit = name.length() <= 3 ? 1 : Math.max(2, name.length() / 3);
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .map(candidate -> new Candidate(candidate, distance(wanted, candidate)))
        .filter(c -> c.distance <= limit || prefix(wanted, c.name))
        .min(Comparator.comparingInt(Candidate::distance))
        .map(Candidate::name);
  }

  private record Candidate(String name, int distance) {}

  private static boolean prefix(String wanted, String candidate) {
    return wanted.length() >= 3 && candidate.toLowerCase(Locale.ROOT).startsWith(wanted);
  }

  private static int distance(String wanted, String candidate) {
    String other = candidate.toLowerCase(Locale.ROOT);
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wanted.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (wanted.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
