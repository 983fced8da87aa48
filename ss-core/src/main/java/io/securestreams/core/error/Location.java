package io.securestreams.core.error;

import java.util.Objects;

/**
 * A place in a text.
 *
 * @param source file name, URL or a label that the caller gave
 * @param line 1-based
 * @param column 1-based, in code points
 */
public record Location(String source, int line, int column) {

  /** Checks the components. */
  public Location {
    Objects.requireNonNull(source, "source");
  }

  @Override
  public String toString() {
    return source + ":" + line + ":" + column;
  }
}
