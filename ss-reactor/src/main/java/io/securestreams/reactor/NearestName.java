package io.securestreams.reactor;

import java.util.Collection;

/** Finds the name that somebody probably meant. */
final class NearestName {

  private NearestName() {}

  /**
   * A hint for an error message.
   *
   * @param written what was asked for
   * @param known what there is
   * @return for example {@code "; did you mean 'feed'?"}, a list of what there is, or that there is
   *     nothing
   */
  static String hint(String written, Collection<String> known) {
    String nearest = null;
    int least = Math.max(2, written.length() / 3) + 1;
    for (String name : known) {
      int distance = distance(written, name);
      if (distance < least || (nearest == null && name.startsWith(written))) {
        nearest = name;
        least = Math.min(least, distance);
      }
    }
    if (nearest != null) {
      return "; did you mean '" + nearest + "'?";
    }
    return known.isEmpty() ? "; it defines none" : "; it has " + String.join(", ", known);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
