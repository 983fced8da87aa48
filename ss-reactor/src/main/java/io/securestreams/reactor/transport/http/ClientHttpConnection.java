package io.securestreams.reactor.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.spi.TransportSettings;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * One h1 connection and the transaction that it serves, if any. Lives on its event loop; only
 * {@link #attach} and {@link #shut} may be called from elsewhere.
 */
final class ClientHttpConnection extends ChannelInboundHandlerAdapter implements ClientExchange {

  private static final String PREFIX = "securestreams.";

  private final SingleConnections pool;
  private final HttpEndpoint endpoint;
  private final Channel channel;
  private final ClientResponseDecoder decoder;
  private final Deadline deadline;
  private final long idleNanos;

  @Nullable private ClientHttpLink link;
  private boolean kept;
  @Nullable private Prepared prepared;
  private boolean peerKeeps;
  private boolean interim;

  /** A request's head that is not written yet. */
  private record Prepared(HttpMethod method, String path, HttpHeaders headers) {}

  ClientHttpConnection(
      SingleConnections pool, HttpEndpoint endpoint, Channel channel, TransportSettings settings) {
    this.pool = pool;
    this.endpoint = endpoint;
    this.channel = channel;
    this.decoder = new ClientResponseDecoder(settings.headerBytes());
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    this.idleNanos = settings.poolIdle().toNanos();
  }

  void install() {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore(
        NettyPipeline.ReactiveBridge, PREFIX + "httpEncoder", new HttpRequestEncoder());
    pipeline.addBefore(NettyPipeline.ReactiveBridge, PREFIX + "httpDecoder", decoder);
    pipeline.addBefore(NettyPipeline.ReactiveBridge, PREFIX + "http", this);
    channel.config().setAutoRead(true);
  }

  @Override
  public Channel channel() {
    return channel;
  }

  @Override
  public Optional<String> peer() {
    return Channels.peer(channel);
  }

  @Override
  public boolean stale() {
    return kept && !decoder.touched();
  }

  /** Gives the connection, which nobody else uses, to a transaction. */
  void attach(ClientHttpLink next) {
    Channels.run(channel, () -> attachNow(next));
  }

  private void attachNow(ClientHttpLink next) {
    deadline.disarm();
    if (!channel.isActive()) {
      next.lease();
      return;
    }
    link = next;
    peerKeeps = true;
    decoder.expect(next.plan().method().equals("HEAD"));
    next.attached(this);
  }

  @Override
  public void prepare(HttpPlan plan) {
    prepared =
        new Prepared(HttpMethod.valueOf(plan.method()), plan.path(), ClientHeads.framed(plan));
  }

  @Override
  public void head(ChannelFutureListener written) {
    Prepared head = prepared();
    channel
        .write(
            new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, head.method(), head.path(), head.headers()))
        .addListener(written);
  }

  @Override
  public void whole(ByteBuf body, ChannelFutureListener written) {
    Prepared head = prepared();
    channel
        .write(
            new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                head.method(),
                head.path(),
                body,
                head.headers(),
                EmptyHttpHeaders.INSTANCE))
        .addListener(written);
  }

  private Prepared prepared() {
    Prepared head = Objects.requireNonNull(prepared, "prepared");
    prepared = null;
    return head;
  }

  @Override
  public void content(ByteBuf piece, boolean last, ChannelFutureListener written) {
    channel
        .write(last ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece))
        .addListener(written);
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void reading(boolean wanted) {
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  @Override
  public void taken(int bytes) {
    // The socket's buffer is the window.
  }

  @Override
  public void limit(long nanos) {
    deadline.arm(nanos);
  }

  @Override
  public void unlimit() {
    deadline.disarm();
  }

  @Override
  public void ping() {
    // h1 has no proof of life beside its answers.
  }

  @Override
  public void release(boolean sent) {
    link = null;
    prepared = null;
    deadline.disarm();
    if (sent && peerKeeps && channel.isActive() && !decoder.leftover()) {
      kept = true;
      reading(true);
      deadline.arm(idleNanos);
      if (pool.keep(endpoint, this)) {
        return;
      }
    }
    Channels.close(channel);
  }

  @Override
  public void drop(ClientHttpLink of) {
    if (link == of) {
      release(false);
    }
  }

  /** Closes a connection that is not in use. */
  void shut() {
    Channels.close(channel);
  }

  private void expired() {
    ClientHttpLink current = link;
    if (current != null) {
      current.expired();
    } else if (endpoint.remove(this)) {
      Channels.close(channel);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      read((HttpObject) msg);
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  private void read(HttpObject msg) {
    ClientHttpLink current = link;
    if (current == null) {
      // Nothing was asked for: an answer now would be taken for that of the next request.
      Channels.close(channel);
      return;
    }
    if (msg.decoderResult().isFailure()) {
      current.broken(msg.decoderResult().cause());
      return;
    }
    if (msg instanceof HttpResponse response) {
      interim =
          response.status().codeClass() == HttpStatusClass.INFORMATIONAL
              && response.status().code() != 101;
      if (!interim) {
        peerKeeps = HttpUtil.isKeepAlive(response);
        current.head(ClientHeads.head(response.status().code(), response.headers()));
      }
    } else if (interim) {
      interim = !(msg instanceof LastHttpContent);
    } else if (msg instanceof HttpContent content) {
      if (content.content().isReadable()) {
        current.piece(content.content());
      }
      if (msg instanceof LastHttpContent && link == current) {
        current.last();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // The bridge behind has nothing to do with it.
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ClientHttpLink current = link;
    if (current != null && channel.isWritable()) {
      current.drain();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ClientHttpLink current = link;
    if (current != null) {
      current.broken(cause);
    } else {
      Channels.close(channel);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.stop();
    ClientHttpLink current = link;
    if (current != null) {
      link = null;
      current.gone();
    } else {
      endpoint.remove(this);
    }
    ctx.fireChannelInactive();
  }
}
