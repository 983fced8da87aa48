package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Set;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * Opens client connections: name, TCP and TLS. Safe from any thread.
 *
 * <p>Reactor Netty resolves the name, tries all its addresses and runs the handshake; what a
 * connection speaks afterwards is the caller's, who puts handlers before {@link
 * reactor.netty.NettyPipeline#ReactiveBridge}.
 */
public final class Dialer {

  private final TcpClient plain;
  private final ClientTlsContexts tls;
  private final TransportSettings settings;
  private final QuicDialer quic;

  /**
   * Creates a dialer.
   *
   * @param loops event loops of the connections
   * @param builders where TLS contexts are built, which blocks
   * @param settings time limits
   */
  public Dialer(LoopResources loops, Scheduler builders, TransportSettings settings) {
    this.plain =
        TcpClient.create(ConnectionProvider.newConnection())
            .runOn(loops)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.min(Integer.MAX_VALUE, settings.connect().toMillis()));
    this.tls = new ClientTlsContexts(builders);
    this.settings = settings;
    this.quic = new QuicDialer(loops, builders, settings);
  }

  /** Opens the connections of HTTP/3, on the same event loops. */
  public QuicDialer quic() {
    return quic;
  }

  /** Is told how a dial ended: exactly one call, unless it was given up. */
  public interface Caller {

    /**
     * The connection stands, TLS included. Called on its event loop; nothing is read before the
     * caller asks for it.
     *
     * @param channel belongs to the caller from now on
     */
    void connected(Channel channel);

    /**
     * There is no connection, and nothing of ours was sent over one.
     *
     * @param cause what failed
     */
    void failed(LinkException cause);
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
    TcpClient client = plain.host(target.host()).port(target.port());
    Mono<? extends Connection> connection =
        target
            .tls()
            .<Mono<? extends Connection>>map(
                plan -> tls.context(plan, offer).flatMap(context -> secured(client, context)))
            .orElseGet(client::connect);
    Attempt attempt = new Attempt(target, caller);
    connection.subscribe((CoreSubscriber<Connection>) attempt);
    return attempt;
  }

  /**
   * Builds what secured connections need.
   *
   * @param plans every way in which peers will be verified
   * @return forgets what only other plans needed, when run
   */
  public Mono<Runnable> prepare(Set<TlsPlan> plans) {
    return tls.prepare(plans)
        .map(
            forgetting ->
                () -> {
                  forgetting.run();
                  quic.retain(plans);
                });
  }

  private Mono<? extends Connection> secured(TcpClient client, SslContext context) {
    return client
        .secure(spec -> spec.sslContext(context).handshakeTimeout(settings.response()))
        .connect();
  }

  private static final class Attempt extends BaseSubscriber<Connection> {

    private final Target target;
    private final Caller caller;

    Attempt(Target target, Caller caller) {
      this.target = target;
      this.caller = caller;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(Connection connection) {
      Channel channel = connection.channel();
      if (channel.eventLoop().inEventLoop()) {
        caller.connected(channel);
      } else {
        channel.eventLoop().execute(() -> caller.connected(channel));
      }
    }

    @Override
    protected void hookOnError(Throwable error) {
      caller.failed(FailureMapping.connecting(error, target));
    }
  }
}
