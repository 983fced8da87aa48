package io.securestreams.tool;

/** How a command ended; scripts depend on the codes. */
enum Ending {
  /** The asked-for end was reached. */
  REACHED(0),
  /** Time ran out first. */
  OUT_OF_TIME(1),
  /** Bad policy, arguments, bind failure or unreadable file. */
  MISTAKE(2),
  /** ALL_RETRIES_FAILED came, and nobody asked for it. */
  RETRIES_FAILED(3),
  /** The peer refused the transaction, and nobody asked for that. */
  REFUSED(4),
  /** A defect of ours. */
  BUG(70);

  private final int code;

  Ending(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
