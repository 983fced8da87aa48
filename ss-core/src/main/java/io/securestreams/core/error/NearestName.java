package io.securestreams.core.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Guesses which name was meant, for the way out that a message gives. Pure; any thread. */
public final class NearestName {

  /** Beyond these it would take too long. */
  private static final int LONGEST = 127;

  private static final int MOST = 2_000;

  private NearestName() {}

  /**
   * A hint to append to a message.
   *
   * @param written the name that is not known
   * @param known the names that are
   * @return {@code ; did you mean 'x'?}, or nothing
   */
  public static String hint(String written, Collection<String> known) {
    return find(written, known).map(name -> "; did you mean " + Quoted.name(name) + "?").orElse("");
  }

  /**
   * A hint that falls back to naming all there is.
   *
   * @param written the name that is not known
   * @param known the names that are
   * @return {@code ; did you mean 'x'?}, a list, or that there is none
   */
  public static String hintOrAll(String written, Collection<String> known) {
    String hint = hint(written, known);
    if (!hint.isEmpty()) {
      return hint;
    }
    return known.isEmpty()
        ? "; it defines none"
        : "; it has " + known.stream().map(Quoted::escaped).collect(Collectors.joining(", "));
  }

  /**
   * The known name that differs least, if it differs little or begins like the written one.
   *
   * @param written the name that is not known
   * @param known the names that are
   */
  public static Optional<String> find(String written, Collection<String> known) {
    if (written.isEmpty() || written.length() > LONGEST || known.size() > MOST) {
      return Optional.empty();
    }
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        best = name;
        least = distance;
      }
    }
    int tolerated = Math.max(1, Math.min(3, (written.length() + 1) / 3));
    if (best != null && least <= tolerated) {
      return Optional.of(best);
    }
    return known.stream().filter(name -> name.startsWith(written)).findFirst();
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  private static int distance(String a, String b) {
    int[] older = new int[b.length() + 1];
    int[] old = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      old[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(Math.min(old[j], row[j - 1]) + 1, old[j - 1] + (same ? 0 : 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], older[j - 2] + 1);
        }
      }
      int[] spare = older;
      older = old;
      old = row;
      row = spare;
    }
    return old[b.length()];
  }
}
