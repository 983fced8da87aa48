package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.Target;
import io.securestreams.core.policy.SocksProxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection over TCP or a Unix socket on its way: proxy and handshake follow the addresses. */
final class DialAttempt extends Attempt implements SocksHandshake.Result {

  private final Dialer dialer;
  private final Dialer.Caller caller;
  private final Optional<SocksProxy> proxy;

  @Nullable private SslContext tls;
  @Nullable private Channel channel;

  DialAttempt(Dialer dialer, EventLoop loop, Target target, Dialer.Caller caller) {
    super(dialer.lookup(), loop, target, caller);
    this.dialer = dialer;
    this.caller = caller;
    this.proxy = target.route().proxy();
  }

  void begin(Alpn offer) {
    if (target().tls().isEmpty()) {
      onLoop(this::locate);
      return;
    }
    secure(
        dialer.contexts().context(target().tls().get(), offer),
        context -> {
          tls = context;
          locate();
        });
  }

  // Addresses.

  private void locate() {
    if (target().address() instanceof Address.Unix unix) {
      connect(unix);
    } else if (proxy.isPresent()) {
      locate(proxy.get().host(), proxy.get().port(), this::raceOverTcp);
    } else {
      locate(target().host(), target().port(), this::raceOverTcp);
    }
  }

  private void connect(Address.Unix unix) {
    try {
      UnixSockets.Endpoint endpoint = dialer.connector().unixSockets().endpoint(unix);
      race(List.of(endpoint.address()), address -> dialer.connector().unix(loop(), endpoint));
    } catch (LinkException cause) {
      fail(cause);
    }
  }

  @Override
  void notFound(Throwable cause) {
    if (proxy.isPresent()) {
      refused("it cannot be resolved", cause);
    } else {
      fail(FailureMapping.unresolved(cause, target()));
    }
  }

  private void raceOverTcp(List<InetSocketAddress> addresses) {
    race(
        addresses,
        address -> dialer.connector().tcp(loop(), address, target().route().attributes()));
  }

  @Override
  public void lost(Map<SocketAddress, Throwable> failures) {
    LinkException cause = FailureMapping.unreachable(failures.values(), target());
    if (target().address() instanceof Address.Unix) {
      Throwable error = failures.values().iterator().next();
      fail(
          new LinkException(
              cause.kind(),
              "cannot connect to " + target() + ": " + UnixSockets.problem(error),
              target().toString(),
              error));
    } else if (proxy.isPresent()) {
      refused("it cannot be reached: " + FailureMapping.details(failures.values()), cause);
    } else {
      fail(cause);
    }
  }

  @Override
  public void won(Channel connected) {
    channel = connected;
    times().connected(connected);
    if (proxy.isPresent() && target().address() instanceof Address.Network destination) {
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
                + target()
                + ": "
                + problem,
            target().toString(),
            cause));
  }

  // TLS.

  @Override
  public void tunnelled() {
    Channel connected = channel;
    SslContext context = tls;
    if (connected == null || isDisposed()) {
      return;
    }
    if (context == null) {
      succeed(connected);
      return;
    }
    times().begin();
    TlsHandshake.begin(connected, context, target(), dialer.settings().response())
        .addListener(
            shaken ->
                onLoop(
                    () -> {
                      if (shaken.isSuccess()) {
                        times().secured();
                        succeed(connected);
                      } else {
                        fail(FailureMapping.handshaking(shaken.cause(), target()));
                      }
                    }));
  }

  // Ends.

  private void succeed(Channel connected) {
    channel = null;
    succeed();
    caller.connected(connected);
  }

  @Override
  void release() {
    Channel open = channel;
    if (open != null) {
      channel = null;
      Channels.close(open);
    }
  }
}
