package io.securestreams.reactor.netty;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Opens client connections over QUIC (RFC 9000), each on a UDP socket of its own. Safe from any
 * thread.
 *
 * <p>The socket is connected, so that a port which nobody listens on is noticed at once and not
 * after the time limit.
 */
public final class QuicDialer {

  private final Connector connector;
  private final Scheduler blocking;
  private final QuicContexts tls;
  private final TransportSettings settings;
  private final HostLookup lookup;

  /**
   * Creates a dialer.
   *
   * @param connector makes sockets
   * @param blocking where contexts are built and certificates verified
   * @param settings time limits
   * @param lookup finds addresses
   */
  QuicDialer(
      Connector connector, Scheduler blocking, TransportSettings settings, HostLookup lookup) {
    this.connector = connector;
    this.blocking = blocking;
    this.tls = new QuicContexts(blocking);
    this.settings = settings;
    this.lookup = lookup;
  }

  /** Is told how a dial ended: exactly one call, unless it was given up. */
  public interface Caller extends DialCaller {

    /**
     * The connection stands. Called on its event loop.
     *
     * @param channel belongs to the caller from now on; its socket closes with it
     */
    void connected(QuicChannel channel);
  }

  /**
   * Why this process cannot speak QUIC.
   *
   * @return empty if it can
   */
  public static Optional<String> unavailability() {
    if (Quic.isAvailable()) {
      return Optional.empty();
    }
    String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    return Optional.of(
        "HTTP/3 needs Netty's native QUIC library, which is not there for "
            + platform
            + "; add io.netty:netty-codec-native-quic with the classifier of this platform");
  }

  /**
   * Begins to connect.
   *
   * @param target where to; TLS is always used
   * @param handlers gives what a new connection speaks
   * @param caller told the end, maybe before this call returns
   * @return gives the attempt up
   */
  public Disposable dial(Target target, Supplier<ChannelHandler> handlers, Caller caller) {
    Optional<LinkException> refusal = refusal(target);
    if (refusal.isPresent()) {
      caller.failed(refusal.get());
      return Disposables.disposed();
    }
    QuicAttempt attempt = new QuicAttempt(this, connector.nextLoop(), target, handlers, caller);
    attempt.begin();
    return attempt;
  }

  /** Forgets what only other plans needed. */
  public void retain(Set<TlsPlan> plans) {
    tls.retain(plans.stream().map(TlsPlan::trustStore).collect(Collectors.toSet()));
  }

  private static Optional<LinkException> refusal(Target target) {
    if (!(target.address() instanceof Address.Network)) {
      return Optional.of(
          new LinkException(
              FailureKind.POLICY, "HTTP/3 cannot go over the Unix socket " + target + "; use h1"));
    }
    if (target.route().proxy().isPresent()) {
      return Optional.of(
          new LinkException(
              FailureKind.PROXY,
              "HTTP/3 to " + target + " cannot go through a SOCKS5 proxy; use h2"));
    }
    return unavailability().map(why -> new LinkException(FailureKind.CONNECT, why));
  }

  Connector connector() {
    return connector;
  }

  Scheduler blocking() {
    return blocking;
  }

  QuicContexts contexts() {
    return tls;
  }

  TransportSettings settings() {
    return settings;
  }

  HostLookup lookup() {
    return lookup;
  }
}
