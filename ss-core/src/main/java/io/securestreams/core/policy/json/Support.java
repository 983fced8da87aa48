package io.securestreams.core.policy.json;

/** What this version does with a key. */
enum Support {
  /** It acts on it. */
  YES,
  /** It checks the value; there is nothing to act on, and nobody misses it. */
  SILENT,
  /** It checks the value and warns that it does nothing yet. */
  LATER,
  /** As {@link #LATER}; a stream that has it would be insecure or wrong, so it is not opened. */
  LATER_BLOCKS,
  /** The language itself has given it up. */
  GONE
}
