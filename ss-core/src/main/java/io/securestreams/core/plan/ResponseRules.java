package io.securestreams.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the head of a response becomes a verdict, a user state and metadata.
 *
 * @param expect the only status that is success; 0 means 200..299. Source: {@code http_expect}
 * @param responseMap status to state, 4 or 1000 and above. Source: {@code http_resp_map}
 * @param headers header name in lower case to metadata name. Source: {@code metadata}
 * @param unmapped what becomes of all other headers
 * @param redirects how redirects are followed; empty if they are not
 */
public record ResponseRules(
    int expect,
    Map<Integer, Integer> responseMap,
    Map<String, String> headers,
    Unmapped unmapped,
    Optional<RedirectRules> redirects) {

  private static final int AUTH_FAILED = 4;

  /** Copies the maps. */
  public ResponseRules {
    responseMap = Map.copyOf(responseMap);
    headers = Map.copyOf(headers);
    Objects.requireNonNull(unmapped, "unmapped");
    Objects.requireNonNull(redirects, "redirects");
  }

  /**
   * Rules that drop headers without metadata and follow no redirect.
   *
   * @param expect the only status that is success; 0 means 200..299
   * @param responseMap status to state, 4 or 1000 and above
   * @param headers header name in lower case to metadata name
   */
  public ResponseRules(int expect, Map<Integer, Integer> responseMap, Map<String, String> headers) {
    this(expect, responseMap, headers, Unmapped.DROPPED, Optional.empty());
  }

  /** What becomes of response headers that no metadata is declared for. */
  public enum Unmapped {
    /** Nobody asks for them. */
    DROPPED,
    /** They are readable by their own names: {@code direct_proto_str}. */
    READABLE
  }

  /** What a status means for the attempt. */
  public enum Verdict {
    /** The transaction goes on and will be acknowledged. */
    ACK,
    /** The transaction goes on and will be refused. */
    NACK,
    /** 503 or 429: the attempt failed, come back later. */
    UNAVAILABLE,
    /** 301, 302, 303, 307 or 308. */
    REDIRECT,
    /** The status is mapped to AUTH_FAILED. */
    AUTH_FAILED
  }

  /**
   * Judges a final status; 1xx must have been skipped.
   *
   * @param status response status
   */
  public Verdict judge(int status) {
    if (status == 503 || status == 429) {
      return Verdict.UNAVAILABLE;
    }
    if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
      return Verdict.REDIRECT;
    }
    if (!responseMap.isEmpty() && responseMap.getOrDefault(status, 0) == AUTH_FAILED) {
      return Verdict.AUTH_FAILED;
    }
    boolean success = expect == 0 ? status >= 200 && status <= 299 : status == expect;
    return success ? Verdict.ACK : Verdict.NACK;
  }

  /**
   * The user state that a status is mapped to.
   *
   * @param status response status
   * @return 1000 and above, or 0 for none
   */
  public int userState(int status) {
    if (responseMap.isEmpty()) {
      return 0;
    }
    int state = responseMap.getOrDefault(status, 0);
    return state == AUTH_FAILED ? 0 : state;
  }

  /**
   * The metadata that a response sets.
   *
   * @param header gives a header's value by lower-case name, several lines joined by comma, or null
   */
  public List<MetadataValue> metadata(Function<String, @Nullable String> header) {
    if (headers.isEmpty()) {
      return List.of();
    }
    List<MetadataValue> values = new ArrayList<>(headers.size());
    headers.forEach(
        (headerName, name) -> {
          String value = header.apply(headerName);
          if (value != null) {
            values.add(new MetadataValue(name, value));
          }
        });
    return values;
  }
}
