package io.securestreams.core.event;

/**
 * The flags that mark a piece of a message. Source: {@code LWSSS_FLAG_*}.
 *
 * @param bits the reference's bit set
 */
public record MessageFlags(int bits) {

  /** First piece of a message. */
  public static final MessageFlags SOM = new MessageFlags(1);

  /** Last piece of a message, possibly an empty piece of its own. */
  public static final MessageFlags EOM = new MessageFlags(2);

  /** A whole message. */
  public static final MessageFlags SOM_EOM = new MessageFlags(3);

  /** A piece that neither starts nor ends a message. */
  public static final MessageFlags NONE = new MessageFlags(0);

  /** Before the first part of an http multipart body. */
  public static final MessageFlags RELATED_START = new MessageFlags(8);

  /** On the last part of an http multipart body. */
  public static final MessageFlags RELATED_END = new MessageFlags(16);

  /** Connection timings: out of band, never a part of a message. */
  public static final MessageFlags PERF_JSON = new MessageFlags(67);

  /**
   * The flags of a piece by its position.
   *
   * @param first the piece starts a message
   * @param last the piece ends a message
   */
  public static MessageFlags of(boolean first, boolean last) {
    if (first) {
      return last ? SOM_EOM : SOM;
    }
    return last ? EOM : NONE;
  }

  /** True if the piece starts a message. */
  public boolean som() {
    return (bits & 1) != 0;
  }

  /** True if the piece ends a message. */
  public boolean eom() {
    return (bits & 2) != 0;
  }

  /** The flags by name, for example {@code SOM|EOM}, or {@code -} for none. */
  @Override
  public String toString() {
    StringBuilder names = new StringBuilder();
    append(names, 1, "SOM");
    append(names, 2, "EOM");
    append(names, 4, "POLL");
    append(names, 8, "RELATED_START");
    append(names, 16, "RELATED_END");
    append(names, 32, "RIDESHARE");
    append(names, 64, "PERF_JSON");
    return names.isEmpty() ? "-" : names.toString();
  }

  private void append(StringBuilder names, int bit, String name) {
    if ((bits & bit) != 0) {
      names.append(names.isEmpty() ? "" : "|").append(name);
    }
  }
}
