package io.securestreams.reactor.transport.server;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.ServerPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/** Where a plan wants to be bound, and what is said if that cannot be. */
public final class ListenAddress {

  private ListenAddress() {}

  /**
   * Resolves a name, which blocks.
   *
   * @param plan whose host is the name of an interface, or else a name or an address
   * @throws IOException if nobody knows the name
   */
  public static InetSocketAddress of(ServerPlan plan) throws IOException {
    if (plan.host().isEmpty()) {
      return new InetSocketAddress(plan.port());
    }
    String host = plan.host().get();
    Optional<InetAddress> named = interfaceAddress(host);
    return new InetSocketAddress(
        named.isPresent() ? named.get() : InetAddress.getByName(host), plan.port());
  }

  private static Optional<InetAddress> interfaceAddress(String name) {
    try {
      return Optional.ofNullable(NetworkInterface.getByName(name))
          .flatMap(
              found ->
                  found
                      .inetAddresses()
                      .min((a, b) -> a.getAddress().length - b.getAddress().length));
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  /**
   * Names stream type, address and cause.
   *
   * @param plan what was to be bound
   * @param error why it is not
   */
  public static LinkException failure(ServerPlan plan, Throwable error) {
    if (error instanceof LinkException ours) {
      return ours;
    }
    String address =
        plan.address() instanceof Address.Network network && network.host().isEmpty()
            ? "*:" + network.port()
            : plan.address().toString();
    FailureKind kind =
        error instanceof UnknownHostException ? FailureKind.DNS : FailureKind.CONNECT;
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return new LinkException(
        kind,
        "cannot listen on " + address + " for " + plan.streamType() + ": " + cause.getMessage(),
        address,
        error);
  }
}
