package io.securestreams.core.error;

import java.util.Locale;
import java.util.Objects;

/**
 * One thing noticed in a policy text. Code, path, line and column are the contract, the wording is
 * not.
 *
 * @param severity whether the text can be used in spite of it
 * @param code what it is about
 * @param location the offending place
 * @param path JSON path of the place, for example {@code $.s[0].mintest.port}
 * @param message one sentence with the way out
 */
public record Finding(
    Severity severity, FindingCode code, Location location, String path, String message) {

  /** Checks the components. */
  public Finding {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(message, "message");
  }

  /** True if the text cannot be used because of this. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The finding on one line: {@code source:line:column: error[CODE] at path: message}. */
  @Override
  public String toString() {
    return location
        + ": "
        + severity.name().toLowerCase(Locale.ROOT)
        + "["
        + code
        + "] at "
        + path
        + ": "
        + message;
  }
}
