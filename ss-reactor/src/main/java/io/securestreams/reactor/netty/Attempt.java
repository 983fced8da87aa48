package io.securestreams.reactor.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * One connection on its way, over whatever transport: TLS context, name, addresses. What follows
 * the context happens on one event loop.
 */
abstract class Attempt implements Disposable, AddressRace.Result {

  private final HostLookup lookup;
  private final EventLoop loop;
  private final Target target;
  private final DialCaller caller;
  private final DialTimes times = new DialTimes();
  private final Disposable.Swap building = Disposables.swap();

  private volatile boolean over;
  @Nullable private AddressRace race;

  /**
   * An attempt that has not begun.
   *
   * @param lookup finds addresses
   * @param loop where everything happens
   * @param target where to
   * @param caller told the end
   */
  Attempt(HostLookup lookup, EventLoop loop, Target target, DialCaller caller) {
    this.lookup = lookup;
    this.loop = loop;
    this.target = target;
    this.caller = caller;
  }

  final EventLoop loop() {
    return loop;
  }

  final Target target() {
    return target;
  }

  final DialTimes times() {
    return times;
  }

  /** What a name that has no address means. */
  abstract void notFound(Throwable cause);

  /** Lets go of what stands of the connection. */
  abstract void release();

  /** Waits for what secures the connection. */
  final <T> void secure(Mono<T> context, Consumer<T> next) {
    building.update(
        context.subscribe(
            made -> onLoop(() -> next.accept(made)),
            error -> fail(FailureMapping.map(error, target))));
  }

  /** Takes a step on the event loop, unless the attempt is over by then. */
  final void onLoop(Runnable step) {
    Runnable unlessOver =
        () -> {
          if (!over) {
            step.run();
          }
        };
    if (loop.inEventLoop()) {
      unlessOver.run();
      return;
    }
    try {
      loop.execute(unlessOver);
    } catch (RejectedExecutionException e) {
      fail(FailureMapping.unreachable(List.of(e), target));
    }
  }

  /** Finds the addresses of a host, in the order in which they are tried. */
  final void locate(String host, int port, Consumer<List<InetSocketAddress>> next) {
    times.begin();
    if (isLiteral(host)) {
      try {
        next.accept(List.of(new InetSocketAddress(InetAddress.getByName(host), port)));
      } catch (UnknownHostException zone) {
        notFound(zone);
      }
      return;
    }
    lookup
        .addresses(host, port, loop)
        .addListener(
            (Future<List<InetSocketAddress>> answer) ->
                onLoop(
                    () -> {
                      if (answer.isSuccess()) {
                        times.found(answer.getNow());
                        next.accept(AddressOrder.interleaved(answer.getNow()));
                      } else {
                        times.notFound(answer.cause());
                        notFound(answer.cause());
                      }
                    }));
  }

  static boolean isLiteral(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  /** Connects to the first of several addresses that answers. */
  final void race(
      List<? extends SocketAddress> addresses, Function<SocketAddress, ChannelFuture> connector) {
    AddressRace started = new AddressRace(loop, addresses, connector, this);
    race = started;
    times.begin();
    started.start();
  }

  // Ends.

  /** There is a connection: nothing is let go of from now on. */
  final void succeed() {
    over = true;
    race = null;
    caller.timed(times.timings());
  }

  final void fail(LinkException cause) {
    if (!over) {
      over = true;
      stop();
      caller.timed(times.timings());
      caller.failed(cause);
    }
  }

  @Override
  public final void dispose() {
    over = true;
    building.dispose();
    if (loop.inEventLoop()) {
      stop();
    } else if (!loop.isShuttingDown()) {
      loop.execute(this::stop);
    }
  }

  @Override
  public final boolean isDisposed() {
    return over;
  }

  private void stop() {
    AddressRace running = race;
    if (running != null) {
      race = null;
      running.cancel();
    }
    release();
  }
}
