package io.securestreams.reactor.transport.http.h3;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.QuicDialer;
import io.securestreams.reactor.netty.QuicServerContexts;
import io.securestreams.reactor.netty.SocketAttributes;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.server.ServerListening;
import io.securestreams.reactor.transport.http.server.ServerUpgrade;
import io.securestreams.reactor.transport.server.ListenAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/** Opens the listeners of HTTP/3, over UDP. Source: RFC 9114. */
public final class H3Listeners implements ServerTransport {

  /** Streams that a client may have at a time. */
  static final int STREAMS = 100;

  /** Most bytes that a client may send on all streams before they are read. */
  private static final long CONNECTION_WINDOW = 1024L * 1024;

  /** Most bytes that a client may send on a stream before they are read. */
  private static final long STREAM_WINDOW = 64L * 1024;

  /** Longer than any time limit of ours; this one only buries the dead. */
  private static final long IDLE_LIMIT_MS = 5 * 60 * 1000L;

  private final TransportSettings settings;
  private final LoopResources loops;
  private final Scheduler blocking;
  private final ServerUpgrade upgrade;

  /**
   * A transport without listeners.
   *
   * @param settings time limits and sizes
   * @param loops event loops; not disposed of here
   * @param blocking where names are resolved and TLS contexts are built
   * @param upgrade what connections of other versions are upgraded to
   */
  public H3Listeners(
      TransportSettings settings, LoopResources loops, Scheduler blocking, ServerUpgrade upgrade) {
    this.settings = settings;
    this.loops = loops;
    this.blocking = blocking;
    this.upgrade = upgrade;
  }

  @Override
  public Mono<Void> verify(ServerPlan plan) {
    return Mono.fromRunnable(() -> tls(plan)).subscribeOn(blocking).then();
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return listening(plan, acceptor)
        .flatMap(
            listening -> {
              H3Reception reception = new H3Reception(listening, settings.servers());
              return Mono.fromCallable(() -> ListenAddress.of(plan))
                  .subscribeOn(blocking)
                  .flatMap(address -> bound(address, reception))
                  .<Listener>map(
                      socket ->
                          new H3Listener(
                              socket, reception, (next, asked) -> listening(next, asked)));
            })
        .onErrorMap(error -> ListenAddress.failure(plan, error));
  }

  private Mono<H3Listening> listening(ServerPlan plan, Acceptor acceptor) {
    return Mono.fromCallable(
            () -> new H3Listening(ServerListening.of(plan, settings, acceptor, upgrade), tls(plan)))
        .subscribeOn(blocking)
        .onErrorMap(error -> ListenAddress.failure(plan, error));
  }

  private static QuicSslContext tls(ServerPlan plan) {
    QuicDialer.unavailability()
        .ifPresent(
            why -> {
              throw new LinkException(FailureKind.POLICY, why);
            });
    return plan.identity()
        .map(QuicServerContexts::build)
        .orElseThrow(
            () ->
                new LinkException(
                    FailureKind.POLICY,
                    plan.streamType() + " serves h3 without TLS; set \"tls\" to true"));
  }

  private Mono<Channel> bound(InetSocketAddress address, H3Reception reception) {
    return Mono.create(
        sink -> {
          EventLoopGroup group = loops.onServer(LoopResources.DEFAULT_NATIVE);
          ChannelFuture binding =
              new Bootstrap()
                  .group(group)
                  .channelFactory(() -> loops.onChannel(DatagramChannel.class, group))
                  .handler(
                      new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel socket) {
                          SocketAttributes.apply(
                              reception.current().http().plan().attributes(), socket);
                          socket.pipeline().addLast(reception, codec(reception));
                        }
                      })
                  .bind(address);
          sink.onCancel(() -> Channels.close(binding.channel()));
          binding.addListener(
              result -> {
                if (result.isSuccess()) {
                  sink.success(binding.channel());
                } else {
                  sink.error(result.cause());
                }
              });
        });
  }

  private ChannelHandler codec(H3Reception reception) {
    Supplier<H3Listening> current = reception::current;
    return Http3.newQuicServerCodecBuilder()
        .sslEngineProvider(channel -> current.get().tls().newEngine(channel.alloc()))
        .sslTaskExecutor(blocking::schedule)
        .maxIdleTimeout(IDLE_LIMIT_MS, TimeUnit.MILLISECONDS)
        .initialMaxData(CONNECTION_WINDOW)
        .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
        .initialMaxStreamsBidirectional(STREAMS)
        .handler(
            new ChannelInitializer<QuicChannel>() {
              @Override
              protected void initChannel(QuicChannel channel) {
                reception.accepted(channel);
              }
            })
        .build();
  }
}
