package io.securestreams.core.plan;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What stands around the parts of one {@code multipart/form-data} body. Immutable. Source: RFC
 * 7578, and the reference's {@code secstream_h1}, whose bytes these are but for the boundary.
 *
 * @param boundary 12 to 70 letters and digits that no part has
 * @param parts in the order in which they are sent, one or more
 */
public record MultipartForm(String boundary, List<FormPart> parts) {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** As many as the reference draws: it reads no more than 19 itself. */
  private static final int BOUNDARY_LENGTH = 12;

  private static final int BOUNDARY_MAX = 70;
  private static final String CRLF = "\r\n";

  /** Checks the boundary and copies the parts. */
  public MultipartForm {
    if (boundary.length() < BOUNDARY_LENGTH || boundary.length() > BOUNDARY_MAX) {
      throw new IllegalArgumentException("a boundary of " + boundary.length() + " characters");
    }
    if (!boundary.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)) {
      throw new IllegalArgumentException("a boundary must be letters and digits");
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a multipart body without parts");
    }
    parts = List.copyOf(parts);
  }

  /**
   * A body with a boundary of its own.
   *
   * @param parts in the order in which they are sent, one or more
   * @param random draws the boundary
   */
  public static MultipartForm of(List<FormPart> parts, RandomGenerator random) {
    StringBuilder boundary = new StringBuilder(BOUNDARY_LENGTH);
    for (int i = 0; i < BOUNDARY_LENGTH; i++) {
      boundary.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new MultipartForm(boundary.toString(), parts);
  }

  /** The value of the request's {@code content-type}. */
  public String contentType() {
    return "multipart/form-data; boundary=\"" + boundary + "\"";
  }

  /**
   * What stands before the payload of a part.
   *
   * @param index which part, from 0
   */
  public byte[] opening(int index) {
    FormPart part = parts.get(index);
    StringBuilder head = new StringBuilder(index == 0 ? "" : CRLF);
    head.append("--").append(boundary).append(CRLF);
    head.append("Content-Disposition: form-data; name=\"").append(escaped(part.name())).append('"');
    part.fileName()
        .ifPresent(name -> head.append("; filename=\"").append(escaped(name)).append('"'));
    part.contentType().ifPresent(type -> head.append(CRLF).append("Content-Type: ").append(type));
    return head.append(CRLF).append(CRLF).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What stands behind the payload of the last part. */
  public byte[] closing() {
    return (CRLF + "--" + boundary + "--" + CRLF).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The length of the whole body.
   *
   * @param payload bytes of all parts together
   */
  public long length(long payload) {
    long length = payload + closing().length;
    for (int i = 0; i < parts.size(); i++) {
      length += opening(i).length;
    }
    return length;
  }

  /** Quotes and line breaks would end the name. Source: RFC 7578 section 2, WHATWG HTML. */
  private static String escaped(String name) {
    return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }
}
