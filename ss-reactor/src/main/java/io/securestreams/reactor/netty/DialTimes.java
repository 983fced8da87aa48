package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.event.ConnectionTimings.Lookup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Takes the time of one dial, part after part. Lives on the dial's event loop. */
final class DialTimes {

  private long mark = System.nanoTime();
  private Optional<String> peer = Optional.empty();
  private Lookup lookup = Lookup.NONE;
  private long lookupMicros;
  private List<String> addresses = List.of();
  private long connectMicros;
  private long tlsMicros;

  /** A part begins. */
  void begin() {
    mark = System.nanoTime();
  }

  private long passed() {
    long now = System.nanoTime();
    long micros = TimeUnit.NANOSECONDS.toMicros(now - mark);
    mark = now;
    return micros;
  }

  void found(List<InetSocketAddress> found) {
    lookup = Lookup.FOUND;
    lookupMicros = passed();
    addresses = found.stream().map(each -> each.getAddress().getHostAddress()).toList();
  }

  void notFound(Throwable cause) {
    boolean silent = false;
    for (Throwable next = cause; next != null && !silent; next = next.getCause()) {
      silent = next instanceof DnsNameResolverTimeoutException;
    }
    lookup = silent ? Lookup.NO_SERVER : Lookup.NOT_FOUND;
    lookupMicros = passed();
  }

  void connected(Channel channel) {
    connectMicros = passed();
    peer = peer(channel);
  }

  /** A connection over QUIC stands on a socket: that and TLS are one there. */
  void shaken(Channel socket) {
    tlsMicros = passed();
    peer = peer(socket);
  }

  private static Optional<String> peer(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress inet
        ? Optional.of(inet.getAddress().getHostAddress())
        : Channels.peer(channel);
  }

  void secured() {
    tlsMicros = passed();
  }

  ConnectionTimings timings() {
    return new ConnectionTimings(
        peer, lookup, lookupMicros, addresses, connectMicros, tlsMicros, 0, OptionalInt.empty());
  }
}
