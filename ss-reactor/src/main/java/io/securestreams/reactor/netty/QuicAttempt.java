package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.plan.Target;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A connection over QUIC on its way. An address stands once the handshake is done there: before,
 * nobody knows whether anybody is behind a UDP port.
 */
final class QuicAttempt extends Attempt {

  private final QuicDialer dialer;
  private final Supplier<ChannelHandler> handlers;
  private final QuicDialer.Caller caller;
  private final Map<Channel, QuicChannel> standing = new HashMap<>();

  QuicAttempt(
      QuicDialer dialer,
      EventLoop loop,
      Target target,
      Supplier<ChannelHandler> handlers,
      QuicDialer.Caller caller) {
    super(dialer.lookup(), loop, target, caller);
    this.dialer = dialer;
    this.handlers = handlers;
    this.caller = caller;
  }

  void begin() {
    secure(
        dialer.contexts().context(target().tls().orElseThrow()),
        context -> locate(target().host(), target().port(), addresses -> race(addresses, context)));
  }

  private void race(List<InetSocketAddress> addresses, QuicContexts.Context context) {
    race(addresses, address -> connect(address, context));
  }

  private ChannelFuture connect(SocketAddress address, QuicContexts.Context context) {
    QuicSocket socket = new QuicSocket(dialer, target(), context, handlers.get());
    return socket.connect(loop(), address, this);
  }

  /** The handshake is done over a socket. */
  void shaken(Channel socket, QuicChannel connection) {
    standing.put(socket, connection);
  }

  /** Who is there is not whom the certificate should name: that ends it, as over TCP. */
  void refused(Throwable cause) {
    fail(FailureMapping.connecting(cause, target()));
  }

  @Override
  void notFound(Throwable cause) {
    fail(FailureMapping.unresolved(cause, target()));
  }

  @Override
  public void won(Channel socket) {
    times().shaken(socket);
    succeed();
    caller.connected(Objects.requireNonNull(standing.get(socket), "standing"));
  }

  @Override
  public void lost(Map<SocketAddress, Throwable> failures) {
    fail(
        failures.values().stream()
            .map(failure -> FailureMapping.connecting(failure, target()))
            .filter(cause -> cause.kind() != FailureKind.CONNECT)
            .filter(cause -> cause.kind() != FailureKind.TIMEOUT)
            .findFirst()
            .orElseGet(() -> FailureMapping.unreachable(failures.values(), target())));
  }

  @Override
  void release() {
    // Sockets close with the race.
  }
}
