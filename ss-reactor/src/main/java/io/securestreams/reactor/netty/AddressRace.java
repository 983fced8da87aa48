package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects to several addresses of one peer, each a little later than the one before; the first
 * that stands wins, the others are closed. Lives on one event loop.
 *
 * <p><b>Source:</b> RFC 8305 section 5.
 */
final class AddressRace {

  /** The head start of an address before the next one, in ms. */
  static final int STAGGER_MS = 250;

  private final EventLoop loop;
  private final Iterator<? extends SocketAddress> addresses;
  private final Function<SocketAddress, ChannelFuture> connector;
  private final Result result;
  private final List<ChannelFuture> pending = new ArrayList<>(2);
  private final Map<SocketAddress, Throwable> failures = new LinkedHashMap<>();

  @Nullable private Future<?> nextStart;
  private boolean over;

  /** Is told the end, once, on the event loop; never after {@link #cancel}. */
  interface Result {

    /** The connection that stands. */
    void won(Channel channel);

    /** No address could be connected to; what each of them failed with, in the order tried. */
    void lost(Map<SocketAddress, Throwable> failures);
  }

  /**
   * Prepares a race.
   *
   * @param loop where everything happens
   * @param addresses one or more, in the order in which they are tried
   * @param connector begins to connect on the event loop; limits how long that takes
   * @param result told the end
   */
  AddressRace(
      EventLoop loop,
      List<? extends SocketAddress> addresses,
      Function<SocketAddress, ChannelFuture> connector,
      Result result) {
    this.loop = loop;
    this.addresses = List.copyOf(addresses).iterator();
    this.connector = connector;
    this.result = result;
  }

  /** Tries the next address; the first call starts the race. */
  void start() {
    stopWaiting();
    SocketAddress address = addresses.next();
    ChannelFuture attempt = connector.apply(address);
    pending.add(attempt);
    if (addresses.hasNext()) {
      nextStart = loop.schedule(this::start, STAGGER_MS, TimeUnit.MILLISECONDS);
    }
    attempt.addListener(ended -> ended(address, attempt));
  }

  /** Gives up: every connection is closed. */
  void cancel() {
    over = true;
    stopWaiting();
    List.copyOf(pending).forEach(this::close);
  }

  private void ended(SocketAddress address, ChannelFuture attempt) {
    pending.remove(attempt);
    if (over) {
      close(attempt);
    } else if (attempt.isSuccess()) {
      cancel();
      result.won(attempt.channel());
    } else {
      failures.put(address, attempt.cause());
      if (addresses.hasNext()) {
        start();
      } else if (pending.isEmpty()) {
        over = true;
        result.lost(failures);
      }
    }
  }

  /** Not now: what comes on a datagram socket may have ended the race. */
  private void close(ChannelFuture attempt) {
    Channels.closeLater(loop, attempt.channel());
  }

  private void stopWaiting() {
    Future<?> waiting = nextStart;
    nextStart = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }
}
