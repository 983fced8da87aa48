package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.util.concurrent.Future;
import io.securestreams.core.plan.Target;
import java.net.SocketAddress;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One UDP socket that is connected to one address, and the QUIC handshake over it. */
final class QuicSocket extends ChannelInboundHandlerAdapter {

  private static final Logger LOGGER = LoggerFactory.getLogger(QuicSocket.class);

  /** Most bytes that a peer may send on all streams before they are read. */
  private static final long CONNECTION_WINDOW = 4L * 1024 * 1024;

  /** Most bytes that a peer may send on a stream before they are read. */
  private static final long STREAM_WINDOW = 256L * 1024;

  /** Longer than any time limit of ours, which are told apart; this one only buries the dead. */
  private static final long IDLE_LIMIT_MS = 5 * 60 * 1000L;

  private final QuicDialer dialer;
  private final Target target;
  private final QuicContexts.Context context;
  private final ChannelHandler handler;

  @Nullable private QuicSslEngine engine;
  @Nullable private ChannelPromise outcome;

  /**
   * A socket that is not connected.
   *
   * @param dialer whose limits hold
   * @param target who is expected there
   * @param context of the handshake
   * @param handler what the connection speaks
   */
  QuicSocket(
      QuicDialer dialer, Target target, QuicContexts.Context context, ChannelHandler handler) {
    this.dialer = dialer;
    this.target = target;
    this.context = context;
    this.handler = handler;
  }

  /**
   * Begins to connect.
   *
   * @param loop where the socket lives, and this call is made
   * @param address of the peer
   * @param attempt told the connection before the future succeeds, and of a peer that is another
   * @return of the socket, which closes with the connection
   */
  ChannelFuture connect(EventLoop loop, SocketAddress address, QuicAttempt attempt) {
    ChannelFuture connected =
        dialer
            .connector()
            .udp(
                loop,
                address,
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel socket) {
                    SocketAttributes.apply(target.route().attributes(), socket);
                    socket.pipeline().addLast(codec(socket), QuicSocket.this);
                  }
                });
    ChannelPromise end = new DefaultChannelPromise(connected.channel(), loop);
    outcome = end;
    connected.addListener(
        bound -> {
          if (bound.isSuccess()) {
            shake(end, address, attempt);
          } else {
            end.tryFailure(bound.cause());
          }
        });
    return end;
  }

  private ChannelHandler codec(Channel socket) {
    return Http3.newQuicClientCodecBuilder()
        .sslEngineProvider(
            channel -> {
              QuicSslEngine made =
                  context.ssl().newEngine(socket.alloc(), target.host(), target.port());
              engine = made;
              context.trust().expect(made);
              socket.closeFuture().addListener(closed -> context.trust().forget(made));
              return made;
            })
        .sslTaskExecutor(dialer.blocking()::schedule)
        .maxIdleTimeout(IDLE_LIMIT_MS, TimeUnit.MILLISECONDS)
        .initialMaxData(CONNECTION_WINDOW)
        .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
        .build();
  }

  private void shake(ChannelPromise end, SocketAddress address, QuicAttempt attempt) {
    Channel socket = end.channel();
    QuicChannel.newBootstrap(socket)
        .handler(handler)
        .remoteAddress(address)
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(Integer.MAX_VALUE, dialer.settings().connect().toMillis()))
        .connect()
        .addListener(
            (Future<QuicChannel> shaken) -> {
              if (shaken.isSuccess()) {
                QuicChannel connection = shaken.getNow();
                connection
                    .closeFuture()
                    .addListener(closed -> Channels.closeLater(socket.eventLoop(), socket));
                attempt.shaken(socket, connection);
                end.trySuccess();
              } else {
                failed(end, shaken.cause(), attempt);
              }
            });
  }

  private void failed(ChannelPromise end, Throwable cause, QuicAttempt attempt) {
    Optional.ofNullable(engine)
        .flatMap(context.trust()::refusal)
        .ifPresent(refusal -> attempt.refused(handshakeFailure(refusal)));
    end.tryFailure(cause);
    Channels.closeLater(end.channel().eventLoop(), end.channel());
  }

  private static SSLHandshakeException handshakeFailure(CertificateException refusal) {
    SSLHandshakeException failure = new SSLHandshakeException(refusal.getMessage());
    failure.initCause(refusal);
    return failure;
  }

  /** What the system says about the socket: nobody listens at the other end. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOGGER.debug("UDP socket to {}", target, cause);
    ChannelPromise end = outcome;
    if (end != null) {
      end.tryFailure(cause);
    }
    Channels.closeLater(ctx.channel().eventLoop(), ctx.channel());
  }
}
