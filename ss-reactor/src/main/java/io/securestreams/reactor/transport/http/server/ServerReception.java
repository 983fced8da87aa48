package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;

/**
 * What becomes of one stream of a connection that carries many: an http transaction, or a tunnel
 * for another protocol. On the event loop only.
 */
public interface ServerReception {

  /**
   * What becomes of a stream.
   *
   * @param head of the request, which is well formed
   * @param listening what all connections of the listener share
   * @param channel on whose event loop it lives, and whose peer is meant
   * @param carrier the stream
   */
  static ServerReception of(
      ServerMultiplexedHead head,
      ServerListening listening,
      Channel channel,
      ServerCarrier carrier) {
    return head.protocol().isEmpty()
        ? new ServerTransaction(listening, channel, carrier)
        : new ServerTunnel(listening, channel, carrier);
  }

  /**
   * The head of the request is there.
   *
   * @param head is well formed
   * @param last there is no body
   */
  void begin(ServerMultiplexedHead head, boolean last);

  /**
   * A part of the body is there.
   *
   * @param data is not released here
   * @param last nothing follows
   */
  void data(ByteBuf data, boolean last);

  /** The request is complete. */
  void end();

  /**
   * The stream ended, and not by us.
   *
   * @param kind whose doing it was
   * @param how one clause, as of "Client"
   */
  void lost(FailureKind kind, String how);

  /**
   * The connection is about to end, and not by us.
   *
   * @param cause names the client
   */
  void lost(LinkException cause);

  /**
   * A fault of ours: the stream ends.
   *
   * @param cause what happened
   */
  void failed(Throwable cause);

  /** The time limit has passed. */
  void expired();
}
