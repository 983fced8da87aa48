package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.Target;
import io.securestreams.core.policy.SocksProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One connection on its way: TLS context, name, addresses, proxy, handshake. What follows the
 * context happens on one event loop.
 */
final class DialAttempt implements Disposable, AddressRace.Result, SocksHandshake.Result {

  private final Dialer dialer;
  private final Target target;
  private final Dialer.Caller caller;
  private final Optional<SocksProxy> proxy;
  private final EventLoop loop;
  private final Disposable.Swap building = Disposables.swap();

  private final DialTimes times = new DialTimes();

  private volatile boolean over;
  @Nullable private SslContext tls;
  @Nullable private AddressRace race;
  @Nullable private Channel channel;

  DialAttempt(Dialer dialer, EventLoop loop, Target target, Dialer.Caller caller) {
    this.dialer = dialer;
    this.loop = loop;
    this.target = target;
    this.caller = caller;
    this.proxy = target.route().proxy();
  }

  void begin(Alpn offer) {
    if (target.tls().isEmpty()) {
      onLoop(this::locate);
      return;
    }
    building.update(
        dialer
            .contexts()
            .context(target.tls().get(), offer)
            .subscribe(
                context ->
                    onLoop(
                        () -> {
                          tls = context;
                          locate();
                        }),
                error -> fail(FailureMapping.map(error, target))));
  }

  private void onLoop(Runnable step) {
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

  // Addresses.

  private void locate() {
    if (target.address() instanceof Address.Unix unix) {
      connect(unix);
    } else if (proxy.isPresent()) {
      locate(proxy.get().host(), proxy.get().port());
    } else {
      locate(target.host(), target.port());
    }
  }

  private void connect(Address.Unix unix) {
    try {
      UnixSockets.Endpoint endpoint = dialer.connector().unixSockets().endpoint(unix);
      race(List.of(endpoint.address()), address -> dialer.connector().unix(loop, endpoint));
    } catch (LinkException cause) {
      fail(cause);
    }
  }

  private void locate(String host, int port) {
    times.begin();
    if (isLiteral(host)) {
      try {
        raceOverTcp(List.of(new InetSocketAddress(InetAddress.getByName(host), port)));
      } catch (UnknownHostException zone) {
        notFound(zone);
      }
      return;
    }
    dialer
        .lookup()
        .addresses(host, port, loop)
        .addListener(
            (io.netty.util.concurrent.Future<List<InetSocketAddress>> answer) ->
                onLoop(
                    () -> {
                      if (answer.isSuccess()) {
                        times.found(answer.getNow());
                        raceOverTcp(AddressOrder.interleaved(answer.getNow()));
                      } else {
                        times.notFound(answer.cause());
                        notFound(answer.cause());
                      }
                    }));
  }

  static boolean isLiteral(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }

  private void notFound(Throwable cause) {
    if (proxy.isPresent()) {
      refused("it cannot be resolved", cause);
    } else {
      fail(FailureMapping.unresolved(cause, target));
    }
  }

  private void raceOverTcp(List<InetSocketAddress> addresses) {
    race(addresses, address -> dialer.connector().tcp(loop, address, target.route().attributes()));
  }

  private void race(
      List<? extends SocketAddress> addresses,
      Function<SocketAddress, io.netty.channel.ChannelFuture> connector) {
    AddressRace started = new AddressRace(loop, addresses, connector, this);
    race = started;
    times.begin();
    started.start();
  }

  @Override
  public void lost(Map<SocketAddress, Throwable> failures) {
    race = null;
    LinkException cause = FailureMapping.unreachable(failures.values(), target);
    if (target.address() instanceof Address.Unix) {
      Throwable error = failures.values().iterator().next();
      fail(
          new LinkException(
              cause.kind(),
              "cannot connect to " + target + ": " + UnixSockets.problem(error),
              target.toString(),
              error));
    } else if (proxy.isPresent()) {
      refused("it cannot be reached: " + FailureMapping.details(failures.values()), cause);
    } else {
      fail(cause);
    }
  }

  @Override
  public void won(Channel connected) {
    race = null;
    channel = connected;
    times.connected(connected);
    if (proxy.isPresent() && target.address() instanceof Address.Network destination) {
      SocksHandshake.begin(connected, proxy.get(), destination, dialer.settings().response(), this);
    } else {
      tunnelled();
    }
  }

  // Proxy.

  @Override
  public void refused(String problem, @Nullable Throwable cause) {
    SocksProxy refusing = proxy.orElseThrow();
    fail(
        new LinkException(
            FailureKind.PROXY,
            "the SOCKS5 proxy "
                + new Address.Network(refusing.host(), refusing.port())
                + " does not connect to "
                + target
                + ": "
                + problem,
            target.toString(),
            cause));
  }

  // TLS.

  @Override
  public void tunnelled() {
    Channel connected = channel;
    SslContext context = tls;
    if (connected == null || over) {
      return;
    }
    if (context == null) {
      succeed(connected);
      return;
    }
    times.begin();
    TlsHandshake.begin(connected, context, target, dialer.settings().response())
        .addListener(
            shaken ->
                onLoop(
                    () -> {
                      if (shaken.isSuccess()) {
                        times.secured();
                        succeed(connected);
                      } else {
                        fail(FailureMapping.handshaking(shaken.cause(), target));
                      }
                    }));
  }

  // Ends.

  private void succeed(Channel connected) {
    over = true;
    channel = null;
    caller.timed(times.timings());
    caller.connected(connected);
  }

  private void fail(LinkException cause) {
    if (!over) {
      over = true;
      release();
      caller.timed(times.timings());
      caller.failed(cause);
    }
  }

  @Override
  public void dispose() {
    over = true;
    building.dispose();
    if (loop.inEventLoop()) {
      release();
    } else if (!loop.isShuttingDown()) {
      loop.execute(this::release);
    }
  }

  @Override
  public boolean isDisposed() {
    return over;
  }

  private void release() {
    AddressRace running = race;
    if (running != null) {
      race = null;
      running.cancel();
    }
    Channel open = channel;
    if (open != null) {
      channel = null;
      Channels.close(open);
    }
  }
}
