package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * Bodies in parts (RFC 7578).
 *
 * @param name part name; makes the body sent {@code multipart/form-data}. Source: {@code
 *     http_multipart_name}
 * @param fileName file name of the part. Source: {@code http_multipart_filename}
 * @param contentType content type of the part. Source: {@code http_mime_content_type}
 * @param rideshare the stream type whose payload is the next part. Source: {@code rideshare}
 * @param incoming what becomes of the parts of a body received. Source: {@code
 *     http_multipart_ss_in}
 */
public record MultipartSettings(
    Optional<String> name,
    Optional<String> fileName,
    Optional<String> contentType,
    Optional<String> rideshare,
    Incoming incoming) {

  /** Nothing set. */
  public static final MultipartSettings NONE =
      new MultipartSettings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Incoming.WHOLE);

  /** What becomes of the parts of a body received. */
  public enum Incoming {
    /** The body is passed on as it came. */
    WHOLE,
    /** Each part is a message. */
    SPLIT
  }

  /** Checks the components. */
  public MultipartSettings {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(fileName, "fileName");
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(rideshare, "rideshare");
    Objects.requireNonNull(incoming, "incoming");
  }

  /** What of it concerns bodies that are sent. */
  MultipartSettings outgoing() {
    return new MultipartSettings(name, fileName, contentType, rideshare, Incoming.WHOLE);
  }
}
