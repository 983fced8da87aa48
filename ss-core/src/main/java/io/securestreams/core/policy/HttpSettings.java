package io.securestreams.core.policy;

import io.securestreams.core.metadata.Template;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The http part of a stream type; ws uses its URL too.
 *
 * @param method request method of a client. Source: {@code http_method}
 * @param url path and query with or without leading slash. Source: {@code http_url}
 * @param expect the only status that is success; 0 means 200..299. Source: {@code http_expect}
 * @param responseMap status to state, 4 or 1000 and above, in the order of the text. Source: {@code
 *     http_resp_map}
 * @param contentLength whether a known length is announced. Source: {@code http_no_content_length}
 * @param flags what else is on
 * @param device headers that say which device is asking
 * @param multipart bodies in parts
 */
public record HttpSettings(
    Optional<String> method,
    Template url,
    int expect,
    Map<Integer, Integer> responseMap,
    ContentLength contentLength,
    Set<Flag> flags,
    DeviceHeaders device,
    MultipartSettings multipart) {

  /** Nothing set. */
  public static final HttpSettings NONE =
      new HttpSettings(
          Optional.empty(),
          Template.parse(""),
          0,
          Map.of(),
          ContentLength.SENT_WHEN_KNOWN,
          Set.of(),
          DeviceHeaders.NONE,
          MultipartSettings.NONE);

  /** Whether a known body length is announced. */
  public enum ContentLength {
    /** {@code content-length} is sent if the length is known. */
    SENT_WHEN_KNOWN,
    /** {@code content-length} is never sent. */
    NEVER
  }

  /** Each is a policy key of {@code s[].*}. */
  public enum Flag {
    /** A redirect means that there is a captive portal: {@code http_fail_redirect}. */
    FAIL_REDIRECT,
    /** Redirects are followed: {@code allow_redirects}. */
    ALLOW_REDIRECTS,
    /** The body is an encoded form: {@code http_www_form_urlencoded}. */
    FORM_URLENCODED,
    /** Cookies of responses are kept and sent back: {@code http_cookies}. */
    COOKIES,
    /** Any header may be set and read by its name: {@code direct_proto_str}. */
    DIRECT_HEADERS,
    /** A request without body ends with its headers: {@code nghttp2_quirk_end_stream}. */
    QUIRK_END_STREAM,
    /** Credit that overflows the window is cut: {@code h2q_oflow_txcr}. */
    OVERFLOW_CREDIT,
    /** h2 without TLS from the first byte on: {@code h2_prior_knowledge}. */
    PRIOR_KNOWLEDGE
  }

  /** Copies the collections. */
  public HttpSettings {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    responseMap = Copies.ordered(responseMap);
    Objects.requireNonNull(contentLength, "contentLength");
    flags = Copies.flags(flags);
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(multipart, "multipart");
  }
}
