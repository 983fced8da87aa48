package io.securestreams.core.multipart;

import java.util.Locale;
import java.util.Optional;

/** Reads the boundary of a body in parts out of its {@code content-type}. */
public final class MultipartBoundary {

  /** Source: RFC 2046 section 5.1.1. */
  private static final int LENGTH_MAX = 70;

  private final String text;
  private int at;

  private MultipartBoundary(String text) {
    this.text = text;
  }

  /**
   * True if the type is {@code multipart}, of any subtype.
   *
   * @param contentType the header's value
   */
  public static boolean isMultipart(String contentType) {
    return contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/");
  }

  /**
   * The boundary, quoted or not.
   *
   * @param contentType the header's value
   * @return empty if it is missing, or not of 1 to 70 characters that can be a boundary
   */
  public static Optional<String> of(String contentType) {
    return isMultipart(contentType) ? new MultipartBoundary(contentType).find() : Optional.empty();
  }

  private Optional<String> find() {
    at = text.indexOf(';');
    while (at >= 0 && at < text.length()) {
      at++;
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      at = equals + 1;
      String value = value();
      if (name.equals("boundary")) {
        return Optional.of(value).filter(MultipartBoundary::isUsable);
      }
    }
    return Optional.empty();
  }

  /** Reads a parameter's value; behind it is a semicolon, or the end. */
  private String value() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int end = text.indexOf(';', at);
    int stop = end < 0 ? text.length() : end;
    String value = text.substring(at, stop).strip();
    at = stop;
    return value;
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at++));
    }
    boolean open = at == text.length();
    int end = text.indexOf(';', at);
    at = end < 0 ? text.length() : end;
    return open ? "" : value.toString();
  }

  private static boolean isUsable(String boundary) {
    return !boundary.isEmpty()
        && boundary.length() <= LENGTH_MAX
        && !boundary.endsWith(" ")
        && boundary.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }
}
