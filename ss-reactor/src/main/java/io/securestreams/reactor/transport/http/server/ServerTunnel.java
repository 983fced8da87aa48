package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Linger;
import io.securestreams.reactor.netty.TunnelChannel;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.transport.http.server.ServerCarrier.Reset;
import io.securestreams.reactor.transport.server.WriteStall;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A stream that carries another protocol than http, at the client's request. Source: RFC 8441, RFC
 * 9220.
 */
final class ServerTunnel implements ServerReception, TunnelChannel.Carrier {

  private final ServerListening listening;
  private final Channel connection;
  private final ServerCarrier carrier;
  private final TunnelChannel channel;

  /** The stream is of no more use: it was refused, it ended, or its connection did. */
  private boolean over;

  /**
   * A tunnel that nobody has asked for yet.
   *
   * @param listening what all connections of the listener share
   * @param connection on whose event loop it lives, and whose peer is meant
   * @param carrier its stream
   */
  ServerTunnel(ServerListening listening, Channel connection, ServerCarrier carrier) {
    this.listening = listening;
    this.connection = connection;
    this.carrier = carrier;
    this.channel = new TunnelChannel(connection, this);
  }

  // What the peer says.

  @Override
  public void begin(ServerMultiplexedHead head, boolean last) {
    ServerUpgrade upgrade = listening.upgrade();
    if (!upgrade.protocol().equals(head.protocol())) {
      refuse("asks for protocol " + head.protocol(), HttpResponseStatus.NOT_IMPLEMENTED);
    } else if (last) {
      refuse("asks for an upgrade and ends", HttpResponseStatus.BAD_REQUEST);
    } else {
      Answer answer = upgrade.answer(head, listening.plan());
      if (answer.status() == HttpResponseStatus.OK.code()) {
        open(head, answer);
      } else {
        refuse("asks for an upgrade that can't be had", answer);
      }
    }
  }

  private void refuse(String why, HttpResponseStatus status) {
    refuse(why, new Answer(status.code(), List.of(), BodyPlan.NONE));
  }

  private void refuse(String why, Answer answer) {
    over = true;
    ServerExit.refused(listening, connection, why);
    carrier.head(answer, true, written -> carrier.complete());
    carrier.limit(TimeUnit.SECONDS.toNanos(Linger.SECONDS));
    carrier.flush();
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void open(ServerMultiplexedHead head, Answer answer) {
    connection.eventLoop().register(channel);
    channel.pipeline().addLast(new WriteStall(channel, listening.settings().servers().stall()));
    ServerConnection link =
        new ServerConnection(
            connection,
            listening.plan().streamType(),
            accepted -> listening.upgrade().takeOver(accepted, channel, listening.plan(), head));
    Optional<LinkObserver> observer = listening.acceptor().accept(link);
    if (observer.isEmpty()) {
      over = true;
      carrier.reset(Reset.REFUSED);
      Channels.close(channel);
      return;
    }
    link.observedBy(observer.get());
    // A head that is lost is lost with its stream, which is told.
    carrier.head(answer, false, written -> {});
    carrier.flush();
    link.signal(new LinkSignal.Upgraded(listening.metadata().of(head)));
    channel.pipeline().fireChannelReadComplete();
  }

  @Override
  public void data(ByteBuf data, boolean last) {
    channel.received(data);
    if (last) {
      end();
    }
  }

  @Override
  public void end() {
    channel.ended(null);
  }

  @Override
  public void lost(FailureKind kind, String how) {
    String peer = Channels.peer(connection).orElse("unknown");
    lost(new LinkException(kind, "Client " + how, peer, null));
  }

  @Override
  public void lost(LinkException cause) {
    if (!over) {
      over = true;
      channel.ended(cause);
    }
  }

  @Override
  public void failed(Throwable cause) {
    ServerExit.failed(listening.plan().streamType(), connection, cause);
    lost(FailureKind.PLAN, "can't be served: " + cause);
    carrier.reset(Reset.FAILED);
  }

  @Override
  public void expired() {
    if (!channel.isOpen() || over) {
      carrier.reset(Reset.CANCELLED);
    }
  }

  // What the channel asks for.

  @Override
  public void write(ByteBuf piece, ChannelFutureListener written) {
    carrier.piece(piece, false, written);
  }

  @Override
  public void flush() {
    carrier.flush();
  }

  @Override
  public void taken(int bytes) {
    carrier.taken(bytes);
  }

  @Override
  public void closed() {
    if (!over) {
      // Behind what was written; the client has a while to end its own side.
      carrier.piece(Unpooled.EMPTY_BUFFER, true, written -> {});
      carrier.limit(TimeUnit.SECONDS.toNanos(Linger.SECONDS));
      carrier.flush();
    }
  }
}
