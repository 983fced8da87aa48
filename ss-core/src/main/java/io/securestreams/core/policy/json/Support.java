package io.securestreams.core.policy.json;

/** What this version does with a key. */
enum Support {
  /** It acts on it. */
  YES("yes"),
  /** It checks the value; there is nothing to act on, and nobody misses it. */
  SILENT("checked only"),
  /** It checks the value and warns that it does nothing yet. */
  LATER("not yet"),
  /** As {@link #LATER}; a stream that has it would be insecure or wrong, so it is not opened. */
  LATER_BLOCKS("not yet; the stream does not open"),
  /** The language itself has given it up. */
  GONE("given up");

  private final String shown;

  Support(String shown) {
    this.shown = shown;
  }

  /** The same in words for people. */
  String shown() {
    return shown;
  }
}
