package io.securestreams.core.plan;

/**
 * One http header line of a request. Its value is never part of {@link #toString()}.
 *
 * @param name header name
 * @param value header value without CR, LF and NUL
 */
public record Header(String name, String value) {

  @Override
  public String toString() {
    return name + ": (" + value.length() + " characters)";
  }
}
