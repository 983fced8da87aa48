package io.securestreams.reactor.transport.ws;

import io.netty.channel.ChannelHandler;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.ServerConnection;
import io.securestreams.reactor.transport.http.ServerPhase;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's connection after its upgrade. */
final class ServerWsPhase implements ServerPhase, WsChannel.Owner {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerWsPhase.class);

  private final ServerConnection connection;
  private final WsChannel channel;

  /**
   * The phase that begins now.
   *
   * @param connection what was upgraded
   * @param plan kind of frames
   * @param settings limits
   */
  ServerWsPhase(ServerConnection connection, ServerPlan plan, TransportSettings settings) {
    this.connection = connection;
    this.channel =
        new WsChannel(
            connection.channel(),
            WsChannel.Side.SERVER,
            this,
            new WsFrameWriter(connection.channel().alloc(), Optional.empty()),
            new WsMessageRules(settings),
            new WsChannel.Format(plan.textFrames(), settings.frameBytes()));
  }

  /** What belongs behind the decoder. */
  ChannelHandler handler() {
    return channel;
  }

  @Override
  public boolean hasCredit() {
    return connection.hasCredit();
  }

  @Override
  public boolean claimCredit() {
    return connection.claimCredit();
  }

  @Override
  public void signal(LinkSignal signal) {
    connection.signal(signal);
  }

  @Override
  public void ended(WsEnd end) {
    String peer = connection.peerName();
    LOGGER
        .atDebug()
        .addKeyValue("streamType", connection.streamType())
        .addKeyValue("peer", peer)
        .addKeyValue("failure", end.kind())
        .setCause(end.cause())
        .log(end.what());
    connection.ended(
        new LinkException(
            end.kind(),
            end.what() + ": " + connection.streamType() + ", client " + peer,
            peer,
            end.cause()));
  }

  @Override
  public void credited() {
    channel.credited();
  }

  @Override
  public void answer(Answer answer) {
    // A WebSocket has no answers; the reference ignores acknowledgements there, too.
  }

  @Override
  public void send(TxPiece piece) {
    channel.send(piece);
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public void ping() {
    channel.ping();
  }

  @Override
  public void close(LinkClose how) {
    channel.close(how);
  }
}
