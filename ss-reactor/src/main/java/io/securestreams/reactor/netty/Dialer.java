package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Set;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * Opens client connections over TCP and Unix domain sockets: name, addresses, proxy and TLS. Safe
 * from any thread.
 *
 * <p>What a connection speaks afterwards is the caller's, who puts handlers at the end by {@link
 * Channels#append}.
 */
public final class Dialer {

  private final Connector connector;
  private final HostLookup lookup;
  private final ClientTlsContexts contexts;
  private final TransportSettings settings;
  private final QuicDialer quic;

  /**
   * Creates a dialer.
   *
   * @param loops event loops of the connections
   * @param builders where TLS contexts are built, which blocks
   * @param settings time limits
   * @param engine what encrypts
   */
  public Dialer(
      LoopResources loops, Scheduler builders, TransportSettings settings, TlsEngine engine) {
    this(loops, builders, settings, engine, new DnsLookup(loops));
  }

  /** A dialer that asks somebody of ours for addresses. */
  Dialer(
      LoopResources loops,
      Scheduler builders,
      TransportSettings settings,
      TlsEngine engine,
      HostLookup lookup) {
    this.connector = new Connector(loops, settings.connect());
    this.lookup = lookup;
    this.contexts = new ClientTlsContexts(builders, engine);
    this.settings = settings;
    this.quic = new QuicDialer(connector, builders, settings, lookup);
  }

  /** Opens the connections of HTTP/3, on the same event loops. */
  public QuicDialer quic() {
    return quic;
  }

  /** Is told how a dial ended: exactly one call, unless it was given up. */
  public interface Caller extends DialCaller {

    /**
     * The connection stands, proxy and TLS included. Called on its event loop; nothing is read
     * before the caller asks for it, but what a proxy sent together with its consent comes at once.
     *
     * @param channel belongs to the caller from now on
     */
    void connected(Channel channel);
  }

  /**
   * Begins to connect.
   *
   * @param target where to
   * @param offer what may be spoken, for TLS
   * @param caller told the end, maybe before this call returns
   * @return gives the attempt up
   */
  public Disposable dial(Target target, Alpn offer, Caller caller) {
    DialAttempt attempt = new DialAttempt(this, connector.nextLoop(), target, caller);
    attempt.begin(offer);
    return attempt;
  }

  /**
   * Builds what secured connections need.
   *
   * @param plans every way in which peers will be verified
   * @return forgets what only other plans needed, when run
   */
  public Mono<Runnable> prepare(Set<TlsPlan> plans) {
    return contexts
        .prepare(plans)
        .map(
            forgetting ->
                () -> {
                  forgetting.run();
                  quic.retain(plans);
                });
  }

  /** Forgets what was learnt about names; connections are not touched. */
  public void close() {
    if (lookup instanceof DnsLookup dns) {
      dns.close();
    }
  }

  Connector connector() {
    return connector;
  }

  HostLookup lookup() {
    return lookup;
  }

  ClientTlsContexts contexts() {
    return contexts;
  }

  TransportSettings settings() {
    return settings;
  }
}
