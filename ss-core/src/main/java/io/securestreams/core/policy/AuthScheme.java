package io.securestreams.core.policy;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A named way to authenticate requests. Source: policy key {@code auth[]}.
 *
 * @param name the name that {@code s[].*.use_auth} refers to
 * @param type what is done to a request; empty for nothing. Source: {@code type}
 * @param streamType the stream that would renew the credentials; nothing acts on it, and it need
 *     not exist. Source: {@code streamtype}
 * @param blob which of the extra credential blobs holds key id and secret, 0..3. Source: {@code
 *     blob}
 */
public record AuthScheme(String name, Optional<Type> type, Optional<String> streamType, int blob) {

  /** What is done to a request. */
  public enum Type {
    /** It is signed with AWS Signature Version 4. */
    SIGV4;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The name as written in a policy. */
    public String key() {
      return key;
    }
  }

  /** Checks the components. */
  public AuthScheme {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(streamType, "streamType");
  }
}
