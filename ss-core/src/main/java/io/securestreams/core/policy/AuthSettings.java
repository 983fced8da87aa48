package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * What authenticates the requests of a stream type.
 *
 * @param scheme the scheme that signs them. Source: {@code use_auth}
 * @param region metadata name whose value is the region of a signature. Source: {@code aws_region}
 * @param service metadata name whose value is the service of a signature. Source: {@code
 *     aws_service}
 * @param header the header that carries the token, in lower case without colon. Source: {@code
 *     http_auth_header}
 * @param preamble text before the token. Source: {@code http_auth_preamble}
 * @param token how the token is sent. Source: {@code auth_hexify}
 */
public record AuthSettings(
    Optional<AuthScheme> scheme,
    Optional<String> region,
    Optional<String> service,
    Optional<String> header,
    Optional<String> preamble,
    Token token) {

  /** Nothing set. */
  public static final AuthSettings NONE =
      new AuthSettings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Token.PLAIN);

  /** How a token is sent. */
  public enum Token {
    /** As it is. */
    PLAIN,
    /** Two lower-case hexadecimal digits for each byte. */
    HEX
  }

  /** Checks the components. */
  public AuthSettings {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(header, "header");
    Objects.requireNonNull(preamble, "preamble");
    Objects.requireNonNull(token, "token");
  }
}
