package io.securestreams.reactor.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.util.concurrent.Future;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.reactor.spi.TransportSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * Opens client connections over QUIC (RFC 9000), each on a UDP socket of its own. Safe from any
 * thread.
 *
 * <p>The socket is connected, so that a port which nobody listens on is noticed at once and not
 * after the time limit.
 */
public final class QuicDialer {

  private static final Logger LOGGER = LoggerFactory.getLogger(QuicDialer.class);

  /** Most bytes that a peer may send on all streams before they are read. */
  private static final long CONNECTION_WINDOW = 4L * 1024 * 1024;

  /** Most bytes that a peer may send on a stream before they are read. */
  private static final long STREAM_WINDOW = 256L * 1024;

  /** Longer than any time limit of ours, which are told apart; this one only buries the dead. */
  private static final long IDLE_LIMIT_MS = 5 * 60 * 1000L;

  private final LoopResources loops;
  private final Scheduler blocking;
  private final QuicContexts tls;
  private final TransportSettings settings;

  /**
   * Creates a dialer.
   *
   * @param loops event loops of the connections
   * @param blocking where names are resolved, contexts built and certificates verified
   * @param settings time limits
   */
  public QuicDialer(LoopResources loops, Scheduler blocking, TransportSettings settings) {
    this.loops = loops;
    this.blocking = blocking;
    this.tls = new QuicContexts(blocking);
    this.settings = settings;
  }

  /** Is told how a dial ended: exactly one call, unless it was given up. */
  public interface Caller {

    /** How long the parts took; told before one of the others. */
    default void timed(ConnectionTimings timings) {}

    /**
     * The connection stands. Called on its event loop.
     *
     * @param channel belongs to the caller from now on; its socket closes with it
     */
    void connected(QuicChannel channel);

    /**
     * There is no connection, and nothing of ours was sent over one.
     *
     * @param cause what failed
     */
    void failed(LinkException cause);
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
    TlsPlan plan = target.tls().orElseThrow();
    DialTimes times = new DialTimes();
    return Mono.zip(tls.context(plan), addresses(target, times))
        .flatMap(ready -> connect(target, handlers, ready.getT1(), ready.getT2(), 0))
        .subscribe(
            channel -> {
              if (channel.remoteSocketAddress() instanceof InetSocketAddress address) {
                times.shaken(address);
              }
              caller.timed(times.timings());
              caller.connected(channel);
            },
            error -> {
              caller.timed(times.timings());
              caller.failed(FailureMapping.connecting(error, target));
            });
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

  private Mono<List<InetSocketAddress>> addresses(Target target, DialTimes times) {
    return Mono.fromCallable(
            () -> {
              times.begin();
              return Arrays.stream(InetAddress.getAllByName(target.host()))
                  .map(address -> new InetSocketAddress(address, target.port()))
                  .toList();
            })
        .subscribeOn(blocking)
        .doOnNext(times::found)
        .doOnError(times::notFound);
  }

  /** Tries one address after the other; a peer that answered, and was refused, ends it. */
  private Mono<QuicChannel> connect(
      Target target,
      Supplier<ChannelHandler> handlers,
      QuicContexts.Context context,
      List<InetSocketAddress> addresses,
      int index) {
    InetSocketAddress address = addresses.get(index);
    Mono<QuicChannel> first =
        Mono.create(sink -> new Attempt(target, handlers.get(), context, sink).start(address));
    return index + 1 == addresses.size()
        ? first
        : first.onErrorResume(
            error -> !(error instanceof SSLHandshakeException),
            error -> connect(target, handlers, context, addresses, index + 1));
  }

  /** One address. */
  private final class Attempt extends ChannelInboundHandlerAdapter {

    private final Target target;
    private final ChannelHandler handler;
    private final QuicContexts.Context context;
    private final MonoSink<QuicChannel> sink;
    @Nullable private volatile QuicSslEngine engine;

    Attempt(
        Target target,
        ChannelHandler handler,
        QuicContexts.Context context,
        MonoSink<QuicChannel> sink) {
      this.target = target;
      this.handler = handler;
      this.context = context;
      this.sink = sink;
    }

    void start(InetSocketAddress address) {
      EventLoopGroup group = loops.onClient(true);
      new Bootstrap()
          .group(group)
          .channel(loops.onChannelClass(DatagramChannel.class, group))
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel socket) {
                  socket.pipeline().addLast(codec(socket), Attempt.this);
                }
              })
          .connect(address)
          .addListener(
              (Future<Void> bound) -> {
                Channel socket = ((io.netty.channel.ChannelFuture) bound).channel();
                sink.onCancel(() -> Channels.close(socket));
                if (bound.isSuccess()) {
                  handshake(socket, address);
                } else {
                  sink.error(bound.cause());
                }
              });
    }

    private ChannelHandler codec(Channel socket) {
      return Http3.newQuicClientCodecBuilder()
          .sslEngineProvider(
              channel -> {
                QuicSslEngine made =
                    context.ssl().newEngine(socket.alloc(), target.host(), target.port());
                engine = made;
                return made;
              })
          .sslTaskExecutor(blocking::schedule)
          .maxIdleTimeout(IDLE_LIMIT_MS, TimeUnit.MILLISECONDS)
          .initialMaxData(CONNECTION_WINDOW)
          .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
          .build();
    }

    private void handshake(Channel socket, InetSocketAddress address) {
      QuicChannel.newBootstrap(socket)
          .handler(handler)
          .remoteAddress(address)
          .option(
              ChannelOption.CONNECT_TIMEOUT_MILLIS,
              (int) Math.min(Integer.MAX_VALUE, settings.connect().toMillis()))
          .connect()
          .addListener(
              (Future<QuicChannel> shaken) -> {
                if (shaken.isSuccess()) {
                  QuicChannel channel = shaken.getNow();
                  channel.closeFuture().addListener(closed -> Channels.close(socket));
                  sink.success(channel);
                } else {
                  failed(socket, shaken.cause());
                }
              });
    }

    private void failed(Channel socket, Throwable cause) {
      QuicSslEngine judged = engine;
      Throwable refusal = judged == null ? null : context.trust().refusal(judged);
      if (refusal != null) {
        SSLHandshakeException refused = new SSLHandshakeException(refusal.getMessage());
        refused.initCause(refusal);
        sink.error(refused);
      } else {
        sink.error(cause);
      }
      Channels.close(socket);
    }

    /** What the system says about the socket: nobody listens at the other end. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOGGER.debug("UDP socket to {}", target, cause);
      sink.error(cause);
      Channels.close(ctx.channel());
    }
  }
}
