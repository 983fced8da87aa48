package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.netty.FailureMapping;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.ClientHeads;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * The connection below a client's WebSocket: upgrade, frames, closing handshake. Lives on its event
 * loop.
 */
final class ClientWsConnection extends ChannelInboundHandlerAdapter {

  private static final String ENCODER = "securestreams.httpEncoder";
  private static final String DECODER = "securestreams.httpDecoder";
  private static final String SELF = "securestreams.ws";
  private static final long FAREWELL_NANOS = 3_000_000_000L;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int GOING_AWAY = 1001;
  private static final int NORMAL = 1000;

  private enum Phase {
    /** The upgrade is under way. */
    UPGRADING,
    /** Frames go both ways. */
    OPEN,
    /** The peer said goodbye, so did we; the connection is about to end. */
    PEER_LEFT,
    /** The link is given up; of what still comes, only frames are recognised. */
    LEAVING,
    /** What comes can not even be read. */
    DEAF
  }

  private final ClientWsLink link;
  private final Channel channel;
  private final ClientWsUpgrade upgrade;
  private final Deadline deadline;
  private final ClientWsReader reader;
  private final ClientWsSender sender;
  private final ClientWsUnread unread = new ClientWsUnread();

  private Phase phase = Phase.UPGRADING;
  private long delivered;
  private boolean parsing;
  private boolean gone;
  @Nullable private HttpResponse answer;
  private String farewell = "";

  ClientWsConnection(ClientWsLink link, Channel channel, ClientWsUpgrade upgrade) {
    this.link = link;
    this.channel = channel;
    this.upgrade = upgrade;
    this.deadline = new Deadline(channel.eventLoop(), this::expired);
    TransportSettings settings = link.settings();
    this.reader = new ClientWsReader(settings.frameBytes(), settings.messageBytes());
    this.sender = new ClientWsSender(link, channel);
  }

  void install() {
    int headerBytes = link.settings().headerBytes();
    HttpDecoderConfig limits =
        new HttpDecoderConfig().setMaxInitialLineLength(headerBytes).setMaxHeaderSize(headerBytes);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addBefore(NettyPipeline.ReactiveBridge, ENCODER, new HttpRequestEncoder());
    pipeline.addBefore(NettyPipeline.ReactiveBridge, DECODER, new HttpResponseDecoder(limits));
    pipeline.addBefore(NettyPipeline.ReactiveBridge, SELF, this);
    deadline.arm(link.settings().response().toNanos());
    channel.config().setAutoRead(true);
    channel
        .writeAndFlush(upgrade.request())
        .addListener(
            written -> {
              Throwable cause = written.cause();
              if (cause != null && channel.isActive()) {
                broken(cause);
              }
            });
  }

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  // What the link asks for.

  void credited() {
    if (phase == Phase.OPEN && !parsing) {
      sender.hold();
      parse();
      sender.flush();
    }
  }

  void send(TxPiece piece) {
    if (phase == Phase.OPEN) {
      sender.send(piece);
    }
  }

  void drain() {
    if (phase == Phase.OPEN) {
      sender.drain();
    }
  }

  void ping() {
    if (phase == Phase.OPEN) {
      sender.ping();
    }
  }

  void close(LinkClose how) {
    if (phase == Phase.OPEN && how != LinkClose.ABORT && !gone) {
      leave(how == LinkClose.GOING_AWAY ? GOING_AWAY : NORMAL, "");
    } else if (phase == Phase.UPGRADING || phase == Phase.OPEN || how == LinkClose.ABORT) {
      phase = Phase.DEAF;
      Channels.close(channel);
    }
    forget();
  }

  // What the connection brings.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof ByteBuf bytes) {
      sender.hold();
      received(bytes);
      return;
    }
    try {
      if (phase == Phase.UPGRADING) {
        answered((HttpObject) msg);
      }
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    sender.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (phase == Phase.OPEN && channel.isWritable()) {
      sender.drain();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone = true;
    deadline.stop();
    switch (phase) {
      case UPGRADING -> {
        phase = Phase.DEAF;
        link.failed(failure(FailureKind.CLOSED, "closed during the upgrade"));
      }
      case PEER_LEFT -> lost();
      case OPEN -> {
        if (unread.isEmpty()) {
          lost();
        }
      }
      case LEAVING, DEAF -> {
        // Nobody listens any more.
      }
    }
    ctx.fireChannelInactive();
  }

  // The upgrade.

  private void answered(HttpObject msg) {
    if (msg.decoderResult().isFailure()) {
      broken(msg.decoderResult().cause());
      return;
    }
    if (msg instanceof HttpResponse response) {
      boolean interim =
          response.status().codeClass() == HttpStatusClass.INFORMATIONAL
              && response.status().code() != SWITCHING_PROTOCOLS;
      answer = interim ? null : response;
      Optional<LinkSignal.Failed> refusal =
          interim ? Optional.empty() : upgrade.refusal(response, link.clock());
      if (refusal.isPresent()) {
        phase = Phase.DEAF;
        Channels.close(channel);
        link.finish(refusal.get());
      }
    } else if (msg instanceof LastHttpContent && answer != null) {
      open(answer.headers());
      answer = null;
    }
  }

  private void open(HttpHeaders headers) {
    deadline.disarm();
    phase = Phase.OPEN;
    List<MetadataValue> metadata = ClientHeads.metadata(link.plan().rules(), headers);
    link.emit(metadata.isEmpty() ? LinkSignal.Up.PLAIN : new LinkSignal.Up(metadata, 0));
    gate();
    channel.pipeline().remove(ENCODER);
    // Hands over what came behind the response.
    channel.pipeline().remove(DECODER);
  }

  // Frames.

  private void received(ByteBuf bytes) {
    if (!listening() || !bytes.isReadable()) {
      bytes.release();
      return;
    }
    unread.add(bytes);
    if (!parsing) {
      parse();
    }
  }

  /** Takes out as many frames as are allowed. */
  private void parse() {
    parsing = true;
    try {
      while (allowed() && reader.next(unread.bytes())) {
        frame();
      }
    } catch (ClientWsViolation violation) {
      violated(violation);
    } finally {
      parsing = false;
    }
    if (listening()) {
      unread.settle();
    } else {
      unread.clear();
    }
    gate();
    if (gone && unread.isEmpty() && phase == Phase.OPEN) {
      lost();
    }
  }

  private boolean listening() {
    return phase == Phase.OPEN || phase == Phase.LEAVING;
  }

  private boolean allowed() {
    return phase == Phase.LEAVING || (phase == Phase.OPEN && credit());
  }

  private boolean credit() {
    long requested = link.requested();
    return requested == Long.MAX_VALUE || requested > delivered;
  }

  private void gate() {
    boolean read = phase != Phase.OPEN || credit();
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  private void frame() throws ClientWsViolation {
    switch (reader.opcode()) {
      case ClientWsReader.PING -> {
        if (phase == Phase.OPEN) {
          sender.pong(reader.payload());
        }
      }
      case ClientWsReader.PONG -> link.emit(LinkSignal.Event.ALIVE);
      case ClientWsReader.CLOSE -> peerLeft(ClientWsFarewell.parse(reader.payload()));
      default -> {
        if (phase == Phase.OPEN) {
          delivered++;
          link.emit(reader.frame());
        }
      }
    }
  }

  // The end.

  private void peerLeft(ClientWsFarewell frame) {
    if (phase == Phase.LEAVING) {
      return;
    }
    phase = Phase.PEER_LEFT;
    farewell = frame.toString();
    sender.close(frame.code(), "");
    deadline.arm(FAREWELL_NANOS);
  }

  private void violated(ClientWsViolation violation) {
    if (phase == Phase.OPEN) {
      leave(violation.code(), String.valueOf(violation.getMessage()));
      link.finish(
          new LinkSignal.Closed(
              failure(violation.kind(), "broke the rules: " + violation.getMessage())));
    }
    phase = Phase.DEAF;
  }

  private void leave(int code, String reason) {
    phase = Phase.LEAVING;
    sender.close(code, reason);
    deadline.arm(FAREWELL_NANOS);
    gate();
  }

  private void broken(Throwable cause) {
    LinkException mapped = FailureMapping.map(cause, link.plan().target());
    Phase before = phase;
    phase = Phase.DEAF;
    Channels.close(channel);
    forget();
    if (before == Phase.UPGRADING) {
      link.failed(mapped);
    } else if (before == Phase.OPEN) {
      link.finish(new LinkSignal.Closed(mapped));
    } else if (before == Phase.PEER_LEFT) {
      lost();
    }
  }

  private void lost() {
    phase = Phase.DEAF;
    sender.stop();
    link.finish(
        new LinkSignal.Closed(
            failure(
                FailureKind.CLOSED,
                farewell.isEmpty() ? "dropped the connection" : "closed: " + farewell)));
  }

  private void expired() {
    switch (phase) {
      case UPGRADING -> {
        phase = Phase.DEAF;
        Channels.close(channel);
        link.failed(
            failure(
                FailureKind.TIMEOUT,
                "did not answer the upgrade within "
                    + link.settings().response().toMillis()
                    + " ms"));
      }
      case PEER_LEFT -> {
        lost();
        Channels.close(channel);
      }
      case LEAVING, DEAF -> Channels.close(channel);
      case OPEN -> {
        // There is no limit on silence: a ping finds out.
      }
    }
  }

  /** Drops what nobody will read. */
  private void forget() {
    if (!parsing) {
      unread.clear();
    }
    sender.stop();
  }

  private LinkException failure(FailureKind kind, String what) {
    String name = link.plan().target().toString();
    return new LinkException(kind, name + " " + what, name, null);
  }
}
