package io.securestreams.reactor.transport.ws;

import io.netty.channel.Channel;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.TxPiece;
import io.securestreams.reactor.transport.http.server.ServerConnection;
import io.securestreams.reactor.transport.http.server.ServerPhase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSocket phase of an accepted connection. */
final class ServerWsPhase implements ServerPhase, WsChannel.Owner {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerWsPhase.class);

  private final ServerConnection connection;
  private final Channel channel;
  private final WsChannel socket;

  /**
   * The phase of a connection in a batch of received messages.
   *
   * @param connection what was upgraded
   * @param channel what carries it; what was written there before is not flushed
   * @param terms what was agreed on
   */
  ServerWsPhase(ServerConnection connection, Channel channel, WsTerms terms) {
    this.connection = connection;
    this.channel = channel;
    this.socket = WsChannel.on(channel, WsChannel.Side.SERVER, this, terms);
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
    socket.credited();
  }

  @Override
  public void answer(Answer answer) {
    // A WebSocket has no answers; the reference ignores acknowledgements there, too.
  }

  @Override
  public void send(TxPiece piece) {
    socket.send(piece);
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public void ping() {
    socket.ping();
  }

  @Override
  public void failed(Throwable cause) {
    channel.pipeline().fireExceptionCaught(cause);
  }

  @Override
  public void close(LinkClose how) {
    socket.close(how);
  }
}
