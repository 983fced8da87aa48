package io.securestreams.reactor.transport.http.server;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslHandler;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.netty.ServerTlsContexts;
import io.securestreams.reactor.netty.SocketAttributes;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

/**
 * Listens for http/1.1, and for what it may be upgraded to.
 *
 * <p>Reactor Netty binds, accepts and owns the threads; a connection's bytes go from Netty's codec
 * straight to its link, without a hop and without an operator in between. Without credit a
 * connection is not read, so that a peer's leaving is then seen late: when credit or the next
 * request comes, or a time limit passes.
 */
public final class ServerHttpTransport implements ServerTransport {

  private static final int CHUNK_BYTES = 32 * 1024;

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
   * @param upgrade what connections are upgraded to if the plan allows it
   */
  public ServerHttpTransport(
      TransportSettings settings, LoopResources loops, Scheduler blocking, ServerUpgrade upgrade) {
    this.settings = settings;
    this.loops = loops;
    this.blocking = blocking;
    this.upgrade = upgrade;
  }

  @Override
  public Mono<Void> verify(ServerPlan plan) {
    return Mono.justOrEmpty(plan.identity())
        .publishOn(blocking)
        .map(ServerTlsContexts::build)
        .onErrorMap(error -> failure(plan, error))
        .then();
  }

  @Override
  public Mono<Listener> bind(ServerPlan plan, Acceptor acceptor) {
    return listening(plan, acceptor)
        .flatMap(
            listening -> {
              CurrentListening current = new CurrentListening(listening);
              return server(current)
                  .flatMap(TcpServer::bind)
                  .<Listener>map(
                      server ->
                          new ServerListener(
                              server, (next, asked) -> renewal(current, next, asked)));
            })
        .onErrorMap(error -> failure(plan, error));
  }

  /** Where a listener's connections look, and what they will find there. */
  private Mono<Runnable> renewal(CurrentListening current, ServerPlan plan, Acceptor acceptor) {
    return listening(plan, acceptor)
        .<Runnable>map(listening -> () -> current.set(listening))
        .onErrorMap(error -> failure(plan, error));
  }

  private Mono<ServerListening> listening(ServerPlan plan, Acceptor acceptor) {
    return Mono.fromCallable(
            () ->
                new ServerListening(
                    plan,
                    settings,
                    acceptor,
                    upgrade,
                    new ServerRequestMetadata(plan.metadata()),
                    plan.identity().map(ServerTlsContexts::build)))
        .subscribeOn(blocking);
  }

  /** On a thread that may block: a name is resolved. */
  private Mono<TcpServer> server(CurrentListening current) {
    return Mono.fromCallable(() -> server(current, address(current.get().plan())));
  }

  private TcpServer server(CurrentListening current, InetSocketAddress address) {
    return TcpServer.create()
        .runOn(loops)
        .bindAddress(() -> address)
        // One read of a connection fills one buffer at most: this bounds what waits for credit.
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
        .doOnChannelInit((observer, channel, remote) -> initialize(channel, current.get()));
  }

  private void initialize(Channel channel, ServerListening listening) {
    ChannelPipeline pipeline = channel.pipeline();
    // The bridge to Reactor Netty's operators has nothing to do here.
    pipeline.remove(NettyPipeline.ReactiveBridge);
    SocketAttributes.apply(listening.plan().attributes(), channel);
    if (listening.tls().isPresent()) {
      SslHandler handler = listening.tls().get().newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(settings.response().toMillis());
      pipeline.addLast(handler);
    }
    ServerResponseEncoder encoder = new ServerResponseEncoder();
    pipeline.addLast(
        new HttpRequestDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(settings.headerBytes())
                .setMaxHeaderSize(settings.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)),
        encoder,
        new ServerHttpHandler(listening, channel, encoder));
  }

  /** A host is the name of an interface, or else a name or an address. */
  private static InetSocketAddress address(ServerPlan plan) throws UnknownHostException {
    if (plan.host().isEmpty()) {
      return new InetSocketAddress(plan.port());
    }
    String host = plan.host().get();
    Optional<InetAddress> named = interfaceAddress(host);
    return new InetSocketAddress(
        named.isPresent() ? named.get() : InetAddress.getByName(host), plan.port());
  }

  private static Optional<InetAddress> interfaceAddress(String name) {
    try {
      return Optional.ofNullable(NetworkInterface.getByName(name))
          .flatMap(
              found ->
                  found
                      .inetAddresses()
                      .min((a, b) -> a.getAddress().length - b.getAddress().length));
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static LinkException failure(ServerPlan plan, Throwable error) {
    if (error instanceof LinkException ours) {
      return ours;
    }
    String address = plan.host().orElse("*") + ":" + plan.port();
    FailureKind kind =
        error instanceof UnknownHostException ? FailureKind.DNS : FailureKind.CONNECT;
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return new LinkException(
        kind,
        "cannot listen on " + address + " for " + plan.streamType() + ": " + cause.getMessage(),
        address,
        error);
  }
}
