package io.securestreams.core.plan;

import java.util.Objects;
import java.util.Optional;

/**
 * One part of a multipart body that is sent.
 *
 * @param streamType the stream type that describes it
 * @param name the part's name. Source: {@code http_multipart_name}
 * @param fileName its file name. Source: {@code http_multipart_filename}
 * @param contentType its content type. Source: {@code http_mime_content_type}
 */
public record FormPart(
    String streamType, String name, Optional<String> fileName, Optional<String> contentType) {

  /** Checks the components. */
  public FormPart {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(fileName, "fileName");
    Objects.requireNonNull(contentType, "contentType");
  }
}
