package io.securestreams.reactor.transport.ws;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.netty.FailureMapping;
import io.securestreams.reactor.netty.SessionLink;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.ClientHeads;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection below a client's WebSocket: the upgrade, and then the owner of the open socket.
 * Lives on its event loop.
 */
final class ClientWsConnection extends ChannelInboundHandlerAdapter
    implements SessionLink.Session, WsChannel.Owner {

  private final ClientWsLink link;
  private final Channel channel;
  private final ClientWsHandshake handshake;
  private final Deadline deadline;

  /** When the request left, a value of {@link System#nanoTime}. */
  private long asked;

  private long delivered;
  private boolean over;
  @Nullable private HttpResponse answer;
  @Nullable private WsChannel socket;

  ClientWsConnection(ClientWsLink link, Channel channel, ClientWsHandshake handshake) {
    this.link = link;
    this.channel = channel;
    this.handshake = handshake;
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
  }

  @Override
  public void install() {
    int headerBytes = link.settings().headerBytes();
    HttpDecoderConfig limits =
        new HttpDecoderConfig().setMaxInitialLineLength(headerBytes).setMaxHeaderSize(headerBytes);
    Channels.append(channel, new HttpRequestEncoder(), new HttpResponseDecoder(limits), this);
    asked = System.nanoTime();
    deadline.arm(link.settings().response().toNanos());
    channel
        .writeAndFlush(handshake.request())
        .addListener(
            written -> {
              Throwable cause = written.cause();
              if (cause != null && channel.isActive()) {
                broken(cause);
              }
            });
    channel.read();
  }

  @Override
  public Channel channel() {
    return channel;
  }

  // What the link asks for.

  @Override
  public void credited() {
    WsChannel open = socket;
    if (open != null) {
      open.credited();
    }
  }

  @Override
  public void send(TxPiece piece) {
    WsChannel open = socket;
    if (open != null) {
      takePieces(open);
      open.send(piece);
      open.flush();
    }
  }

  @Override
  public void drain() {
    WsChannel open = socket;
    if (open != null) {
      takePieces(open);
      open.flush();
    }
  }

  private void takePieces(WsChannel open) {
    for (TxPiece next = link.nextPiece(); next != null; next = link.nextPiece()) {
      open.send(next);
    }
  }

  @Override
  public void ping() {
    WsChannel open = socket;
    if (open != null) {
      open.ping();
      open.flush();
    }
  }

  @Override
  public void close(LinkClose how) {
    WsChannel open = socket;
    if (open != null) {
      takePieces(open);
      open.close(how);
    } else {
      end();
    }
  }

  // The upgrade.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    try {
      if (!over && msg instanceof HttpObject part) {
        answered(part);
      }
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!over) {
      ctx.read();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed(failure(FailureKind.CLOSED, " closed during the upgrade", null));
    ctx.fireChannelInactive();
  }

  private void answered(HttpObject msg) {
    if (msg.decoderResult().isFailure()) {
      broken(msg.decoderResult().cause());
      return;
    }
    if (msg instanceof HttpResponse response) {
      boolean interim =
          response.status().codeClass() == HttpStatusClass.INFORMATIONAL
              && !response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
      answer = interim ? null : response;
      if (!interim) {
        link.show(ClientHeads.head(response.status().code(), response.headers()));
        handshake.refusal(response, link.clock()).ifPresent(this::failed);
      }
    }
    HttpResponse response = answer;
    if (msg instanceof LastHttpContent && response != null && !over) {
      answer = null;
      open(response.headers());
    }
  }

  private void open(HttpHeaders headers) {
    over = true;
    link.answered(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - asked));
    deadline.stop();
    // Before anybody may send: what is sent from inside the signal are frames already.
    channel.pipeline().remove(HttpRequestEncoder.class);
    channel.pipeline().remove(this);
    socket =
        WsChannel.on(
            channel,
            WsChannel.Side.CLIENT,
            this,
            new WsTerms(
                link.plan().frames() == WsSettings.Frames.TEXT,
                link.settings(),
                handshake.agreed(headers)));
    List<MetadataValue> metadata = ClientHeads.metadata(link.plan().rules(), headers);
    link.emit(metadata.isEmpty() ? LinkSignal.Up.PLAIN : new LinkSignal.Up(metadata, 0));
    // Hands over what came behind the response.
    channel.pipeline().remove(HttpResponseDecoder.class);
  }

  private void broken(Throwable cause) {
    failed(FailureMapping.map(cause, link.target()));
  }

  private void expired() {
    failed(
        failure(
            FailureKind.TIMEOUT,
            " did not answer the upgrade within " + link.settings().response().toMillis() + " ms",
            null));
  }

  private void failed(LinkException cause) {
    failed(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  private void failed(LinkSignal.Failed signal) {
    if (!over) {
      end();
      link.finish(signal);
    }
  }

  private void end() {
    over = true;
    deadline.stop();
    Channels.close(channel);
  }

  // What the open socket tells.

  @Override
  public boolean hasCredit() {
    long requested = link.requested();
    return requested == Long.MAX_VALUE || requested > delivered;
  }

  @Override
  public boolean claimCredit() {
    boolean credit = hasCredit();
    if (credit) {
      delivered++;
    }
    return credit;
  }

  @Override
  public void signal(LinkSignal signal) {
    link.emit(signal);
  }

  @Override
  public void ended(WsEnd end) {
    Throwable cause = end.cause();
    link.finish(
        new LinkSignal.Closed(
            end.kind() == FailureKind.CLOSED && cause != null
                ? FailureMapping.map(cause, link.target())
                : failure(end.kind(), ": " + end.what(), cause)));
  }

  /** A failure in words that begin with the peer's name. */
  private LinkException failure(FailureKind kind, String what, @Nullable Throwable cause) {
    String name = link.target().toString();
    return new LinkException(kind, name + what, name, cause);
  }
}
