package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Linger;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** How the http phase of a connection ends, and what is said about it. */
public final class ServerExit {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServerExit.class);

  private final ServerConnection connection;
  private final Channel channel;

  ServerExit(ServerConnection connection) {
    this.connection = connection;
    this.channel = connection.channel();
  }

  /** Closes the socket. */
  void close() {
    Channels.close(channel);
  }

  /** Tells the observer that the connection is over. */
  void tell(FailureKind kind, String what, @Nullable Throwable cause) {
    String peer = connection.peerName();
    connection.ended(
        new LinkException(
            kind, what + ": " + connection.streamType() + ", client " + peer, peer, cause));
  }

  /**
   * Lets the peer read our last words before the socket is closed; http is over.
   *
   * @param handler the handler of http
   * @param lastWords completes when the last of our bytes is written
   */
  void linger(ChannelHandler handler, ChannelFuture lastWords) {
    Linger.on(channel, lastWords);
    channel.pipeline().remove(handler);
    channel.pipeline().remove(HttpRequestDecoder.class);
  }

  /** Logs that a request is not served. */
  void refused(String why) {
    log(Level.DEBUG, "Request refused", why, null);
  }

  /** Logs what came out of the pipeline, by whose fault it is. */
  void failed(Throwable cause) {
    failed(connection.streamType(), channel, cause);
    if (cause instanceof LinkException limit) {
      tell(limit.kind(), String.valueOf(limit.getMessage()), cause);
    }
  }

  /**
   * Logs what came out of a connection's pipeline, by whose fault it is.
   *
   * @param streamType of the listener
   * @param channel the connection
   * @param cause what came
   */
  public static void failed(String streamType, Channel channel, Throwable cause) {
    boolean peers =
        cause instanceof IOException
            || cause instanceof DecoderException
            || cause instanceof LinkException
            || (cause instanceof Http2Exception http2
                && http2.error() != Http2Error.INTERNAL_ERROR);
    log(
        peers ? Level.DEBUG : Level.ERROR,
        streamType,
        Channels.peer(channel).orElse("unknown"),
        "Connection failed",
        cause.toString(),
        cause);
  }

  /**
   * Logs that a connection that carries many transactions has carried none for too long.
   *
   * @param listening of the listener
   * @param channel the connection
   */
  public static void idle(ServerListening listening, Channel channel) {
    log(
        Level.DEBUG,
        listening.plan().streamType(),
        Channels.peer(channel).orElse("unknown"),
        "Connection left",
        ServerPatience.idle(listening.settings().servers()),
        null);
  }

  /**
   * Logs that a request is not served, and has no link.
   *
   * @param listening of the listener
   * @param channel the connection
   * @param why one clause
   */
  static void refused(ServerListening listening, Channel channel, String why) {
    String peer = Channels.peer(channel).orElse("unknown");
    log(Level.DEBUG, listening.plan().streamType(), peer, "Request refused", why, null);
  }

  /** Logs what the application did wrong. */
  void wrongAnswer(String what) {
    log(Level.WARN, "Answer can't be sent as announced", what, null);
  }

  private void log(Level level, String message, String failure, @Nullable Throwable cause) {
    log(level, connection.streamType(), connection.peerName(), message, failure, cause);
  }

  private static void log(
      Level level,
      String streamType,
      String peer,
      String message,
      String failure,
      @Nullable Throwable cause) {
    LOGGER
        .atLevel(level)
        .addKeyValue("streamType", streamType)
        .addKeyValue("peer", peer)
        .addKeyValue("failure", failure)
        .setCause(cause)
        .log(message);
  }
}
