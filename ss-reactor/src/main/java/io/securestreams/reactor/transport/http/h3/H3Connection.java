package io.securestreams.reactor.transport.http.h3;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.netty.FailureMapping;
import io.securestreams.reactor.netty.QuicFarewell;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.ClientHttpLink;
import io.securestreams.reactor.transport.http.ConnectionKey;
import io.securestreams.reactor.transport.http.SharedConnection;
import io.securestreams.reactor.transport.http.Slots;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/3 connection. Lives on its event loop; only {@link #attach}, {@link #slots} and {@link
 * #retire} may be called from elsewhere.
 *
 * <p>A QUIC peer does not limit streams at a time but streams in all, and raises the limit as they
 * end. What it allowed at first is taken for what it bears at a time; a transaction that comes
 * before the limit is raised waits for that, no longer than for an answer.
 */
final class H3Connection implements SharedConnection {

  /** A type of frame that has no meaning: 0x1f * N + 0x21, with any N. */
  private static final long MEANS_NOTHING = 0x1f * 7 + 0x21;

  private final ConnectionKey key;
  private final QuicChannel channel;
  private final Opening opening;
  private final Slots slots;
  private final Deadline idle;
  private final long idleNanos;
  private final Deadline patience;
  private final long patienceNanos;

  /** Wait for the peer to allow more streams. */
  private final Queue<ClientHttpLink> waiting = new ArrayDeque<>();

  /** Asked the peer for a sign of life. */
  private final Set<H3Exchange> asking = new LinkedHashSet<>();

  private final H3Pulse pulse = new H3Pulse(this::beat);
  @Nullable private LinkException fault;
  private boolean proven;
  private boolean settled;

  H3Connection(
      ConnectionKey key, QuicChannel channel, Opening opening, TransportSettings settings) {
    this.key = key;
    this.channel = channel;
    this.opening = opening;
    this.slots = new Slots(System.nanoTime() + settings.connectionAge().toNanos());
    this.idle = new Deadline(channel.eventLoop(), this::expired);
    this.idleNanos = settings.poolIdle().toNanos();
    this.patience = new Deadline(channel.eventLoop(), this::exhausted);
    this.patienceNanos = settings.response().toNanos();
  }

  void begin() {
    channel.parent().pipeline().addFirst(pulse);
    channel.closeFuture().addListener(closed -> ended());
    opening.opened(this);
    settle();
    rest();
  }

  /** The peer's first word about streams may come a moment after the handshake. */
  private void settle() {
    long first = allowed();
    if (!settled && first > 0) {
      settled = true;
      slots.limit((int) Math.min(Integer.MAX_VALUE, first));
      opening.settled();
    }
  }

  private long allowed() {
    return channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL);
  }

  @Override
  public Slots slots() {
    return slots;
  }

  ConnectionKey key() {
    return key;
  }

  /** True if an answer came over the connection before. */
  boolean proven() {
    return proven;
  }

  /** An answer came. */
  void prove() {
    proven = true;
  }

  @Override
  public void attach(ClientHttpLink link) {
    Channels.run(channel, () -> attachNow(link));
  }

  private void attachNow(ClientHttpLink link) {
    idle.disarm();
    if (slots.most() == 0 || !channel.isActive()) {
      slots.give();
      link.lease();
      rest();
    } else if (allowed() <= 0) {
      await(link);
    } else {
      open(link);
    }
  }

  private void await(ClientHttpLink link) {
    if (waiting.isEmpty()) {
      patience.arm(patienceNanos);
    }
    waiting.add(link);
  }

  private void open(ClientHttpLink link) {
    H3Exchange exchange = new H3Exchange(this, link);
    Http3.newRequestStream(channel, exchange)
        .addListener((Future<Channel> opened) -> exchange.opened(opened));
  }

  /** The peer allows more streams, or fewer are needed. */
  void streamsAllowed() {
    settle();
    if (allowed() <= 0 || waiting.isEmpty()) {
      return;
    }
    while (allowed() > 0 && !waiting.isEmpty()) {
      open(waiting.remove());
    }
    if (waiting.isEmpty()) {
      patience.disarm();
    } else {
      patience.arm(patienceNanos);
    }
  }

  /** The peer allowed no stream for too long; who waited for the whole time goes no further. */
  private void exhausted() {
    String peer = key.target().toString();
    long millis = TimeUnit.NANOSECONDS.toMillis(patienceNanos);
    LinkException cause =
        new LinkException(
            FailureKind.TIMEOUT,
            peer + " allowed no further stream for " + millis + " ms",
            peer,
            null);
    if (!settled) {
      fault = cause;
    }
    ClientHttpLink first = waiting.remove();
    slots.give();
    first.notConnected(cause);
    leave();
  }

  /** The peer takes no more streams, which it said or may well have said. */
  void leave() {
    slots.retire();
    patience.stop();
    for (ClientHttpLink next = waiting.poll(); next != null; next = waiting.poll()) {
      slots.give();
      next.lease();
    }
    rest();
  }

  /** A stream that had a slot has ended. */
  void freed(H3Exchange exchange) {
    asking.remove(exchange);
    slots.give();
    opening.freed();
    rest();
  }

  /** Without transactions: waits for the next, or closes. */
  private void rest() {
    if (slots.spent(System.nanoTime())) {
      close();
    } else if (slots.unused()) {
      idle.arm(idleNanos);
    }
  }

  private void expired() {
    if (slots.retireUnused()) {
      close();
    }
  }

  /**
   * Has {@link H3Exchange#alive} called once the peer gives a sign of life.
   *
   * <p>The QUIC library has no call for a PING. A frame of a type that is reserved to mean nothing
   * (RFC 9114 section 7.2.8) does the same: QUIC acknowledges what carries it.
   */
  void ping(H3Exchange exchange) {
    QuicStreamChannel control = Http3.getLocalControlStream(channel);
    if (control != null && asking.add(exchange)) {
      control
          .writeAndFlush(new DefaultHttp3UnknownFrame(MEANS_NOTHING, Unpooled.EMPTY_BUFFER))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  /** True if the sign of life that an exchange asked for has not come. */
  boolean owesSign(H3Exchange exchange) {
    return asking.contains(exchange);
  }

  private void beat() {
    if (!asking.isEmpty()) {
      List<H3Exchange> answered = List.copyOf(asking);
      asking.clear();
      answered.forEach(H3Exchange::alive);
    }
  }

  /** Datagrams that came from the peer so far. */
  long heard() {
    return pulse.heard();
  }

  /** The peer is not there any more: nobody is to wait for it, nor to join those who do. */
  void silent() {
    slots.retire();
    close();
  }

  @Override
  public void retire() {
    slots.retire();
    Channels.run(channel, this::rest);
  }

  private void close() {
    QuicFarewell.NO_ERROR.to(channel);
  }

  private void ended() {
    idle.stop();
    patience.stop();
    slots.retire();
    LinkException cause = fault == null ? closed() : fault;
    for (ClientHttpLink next = waiting.poll(); next != null; next = waiting.poll()) {
      next.notConnected(cause);
    }
    opening.closed(cause);
  }

  private LinkException closed() {
    String peer = key.target().toString();
    return new LinkException(FailureKind.CLOSED, peer + " closed the connection", peer, null);
  }

  /** What a failure is called that has no better name. */
  LinkException failure(Throwable cause) {
    return FailureMapping.map(cause, key.target());
  }

  /** The address of the other end, as QUIC knows it at the moment. */
  Optional<String> peer() {
    SocketAddress remote = channel.remoteSocketAddress();
    return remote instanceof InetSocketAddress address && address.getAddress() != null
        ? Optional.of(address.getAddress().getHostAddress())
        : Optional.empty();
  }
}
