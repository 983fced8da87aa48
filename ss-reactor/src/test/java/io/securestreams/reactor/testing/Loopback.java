package io.securestreams.reactor.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** What this machine calls itself. */
public final class Loopback {

  private Loopback() {}

  /** True if something can listen on {@code ::1}. */
  public static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return probe.isBound();
    } catch (IOException none) {
      return false;
    }
  }
}
