package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * One h1 connection and the transaction that it serves, if any. Lives on its event loop; only
 * {@link #attach} and {@link #shut} may be called from elsewhere.
 */
final class ClientHttpConnection extends ChannelInboundHandlerAdapter {

  private static final String PREFIX = "securestreams.";

  private final HttpClients clients;
  private final HttpEndpoint endpoint;
  private final Channel channel;
  private final ClientResponseDecoder decoder;
  private final Deadline deadline;
  private final long idleNanos;

  @Nullable private ClientHttpLink link;
  private boolean kept;
  private boolean interim;

  ClientHttpConnection(HttpClients clients, HttpEndpoint endpoint, Channel channel) {
    this.clients = clients;
    this.endpoint = endpoint;
    this.channel = channel;
    this.decoder = new ClientResponseDecoder(clients.settings().headerBytes());
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    this.idleNanos = clients.settings().poolIdle().toNanos();
  }

  void install() {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore(
        NettyPipeline.ReactiveBridge, PREFIX + "httpEncoder", new HttpRequestEncoder());
    pipeline.addBefore(NettyPipeline.ReactiveBridge, PREFIX + "httpDecoder", decoder);
    pipeline.addBefore(NettyPipeline.ReactiveBridge, PREFIX + "http", this);
    channel.config().setAutoRead(true);
  }

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  Deadline deadline() {
    return deadline;
  }

  /** True if the connection served a transaction before this one. */
  boolean kept() {
    return kept;
  }

  /** True if any byte of the response came. */
  boolean touched() {
    return decoder.touched();
  }

  /** Gives the connection, which nobody else uses, to a transaction. */
  void attach(ClientHttpLink next) {
    if (loop().inEventLoop()) {
      attachNow(next);
    } else {
      loop().execute(() -> attachNow(next));
    }
  }

  private void attachNow(ClientHttpLink next) {
    deadline.disarm();
    if (!channel.isActive()) {
      next.lease();
      return;
    }
    link = next;
    decoder.expect(next.head());
    next.attached(this);
  }

  /** Reads on, or leaves everything in the socket. */
  void reading(boolean read) {
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  /**
   * The transaction is over.
   *
   * @param reusable the peer keeps the connection, and the request was sent completely
   */
  void release(boolean reusable) {
    link = null;
    deadline.disarm();
    if (reusable && channel.isActive() && !decoder.leftover()) {
      kept = true;
      reading(true);
      deadline.arm(idleNanos);
      if (clients.keep(endpoint, this)) {
        return;
      }
    }
    Channels.close(channel);
  }

  /** Nobody needs the connection any more; it may be in use by a transaction that ended. */
  void drop(ClientHttpLink of) {
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
        current.head(response);
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
