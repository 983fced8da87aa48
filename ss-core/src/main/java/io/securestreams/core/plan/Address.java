package io.securestreams.core.plan;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/** Where a connection goes, before any proxy. */
public sealed interface Address {

  /** What the peer is called: in {@code Host}, for SNI and when its certificate is verified. */
  String host();

  /**
   * A host and a port.
   *
   * @param host name or address literal, without brackets
   * @param port TCP or UDP port, 1..65535 for clients
   */
  record Network(String host, int port) implements Address {

    /** Checks the component. */
    public Network {
      Objects.requireNonNull(host, "host");
    }

    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A Unix domain socket.
   *
   * @param name path of the socket's file, or a name of Linux' abstract name space behind {@code @}
   */
  record Unix(String name) implements Address {

    /** Bytes of a name that the system has room for, without the NUL at one of its ends. */
    private static final int LONGEST_NAME = 107;

    /** Checks the component. */
    public Unix {
      Objects.requireNonNull(name, "name");
    }

    /**
     * What is wrong with a name.
     *
     * @param name as written behind {@code +} in an endpoint
     * @return a clause whose subject is the endpoint; empty if nothing is
     */
    static Optional<String> problem(String name) {
      int bytes = name.getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || name.equals("@")) {
        return Optional.of("names no Unix socket");
      }
      return bytes > LONGEST_NAME
          ? Optional.of(
              "names a Unix socket in "
                  + bytes
                  + " bytes, of which at most "
                  + LONGEST_NAME
                  + " fit")
          : Optional.empty();
    }

    /** True for a name of the abstract name space, which has no file. */
    public boolean isAbstract() {
      return name.startsWith("@");
    }

    /** A socket has no host name, and no peer could make sense of a path: {@code localhost}. */
    @Override
    public String host() {
      return "localhost";
    }

    @Override
    public String toString() {
      return "+" + name;
    }
  }
}
