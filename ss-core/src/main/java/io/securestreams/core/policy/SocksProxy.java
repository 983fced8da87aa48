package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * A SOCKS5 proxy (RFC 1928) between a client and its peer. Source: policy key {@code via-socks5}.
 *
 * @param credentials user and password (RFC 1929)
 * @param host name or address, without brackets
 * @param port TCP port, 1..65535
 */
public record SocksProxy(Optional<Credentials> credentials, String host, int port) {

  /** Checks the components. */
  public SocksProxy {
    Objects.requireNonNull(credentials, "credentials");
    Objects.requireNonNull(host, "host");
  }

  /**
   * What a proxy asks for. {@link #toString()} never shows the password.
   *
   * @param user without colon, up to 95 bytes
   * @param password up to 95 bytes
   */
  public record Credentials(String user, String password) {

    /** Checks the components. */
    public Credentials {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
    }

    @Override
    public String toString() {
      return "Credentials[user=" + user + "]";
    }
  }
}
