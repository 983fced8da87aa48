package io.securestreams.core.policy;

import io.securestreams.core.metadata.Template;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The http part of a stream type; ws uses its URL too.
 *
 * @param method request method of a client. Source: {@code http_method}
 * @param url path and query with or without leading slash. Source: {@code http_url}
 * @param expect the only status that is success; 0 means 200..299. Source: {@code http_expect}
 * @param responseMap status to state, 4 or 1000 and above. Source: {@code http_resp_map}
 * @param contentLength whether a known length is announced. Source: {@code http_no_content_length}
 */
public record HttpSettings(
    Optional<String> method,
    Template url,
    int expect,
    Map<Integer, Integer> responseMap,
    ContentLength contentLength) {

  /** Nothing set. */
  public static final HttpSettings NONE =
      new HttpSettings(
          Optional.empty(), Template.parse(""), 0, Map.of(), ContentLength.SENT_WHEN_KNOWN);

  /** Whether a known body length is announced. */
  public enum ContentLength {
    /** {@code content-length} is sent if the length is known. */
    SENT_WHEN_KNOWN,
    /** {@code content-length} is never sent. */
    NEVER
  }

  /** Copies the map. */
  public HttpSettings {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    responseMap = Map.copyOf(responseMap);
    Objects.requireNonNull(contentLength, "contentLength");
  }
}
