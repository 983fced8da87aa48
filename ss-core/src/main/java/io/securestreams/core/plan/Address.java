package io.securestreams.core.plan;

import java.util.Objects;

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

    /** Checks the component. */
    public Unix {
      Objects.requireNonNull(name, "name");
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
