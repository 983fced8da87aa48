package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.securestreams.reactor.transport.http.server.ServerMultiplexedHead;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leads what the codec of a server tells to the stream, or the connection, that it concerns. */
final class H2ServerFrames extends Http2EventAdapter implements Http2RemoteFlowController.Listener {

  private final H2ServerConnection connection;
  private final H2Codec codec;

  H2ServerFrames(H2ServerConnection connection, H2Codec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  private @Nullable H2ServerStream occupant(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(codec.occupants());
  }

  private @Nullable H2ServerStream occupant(int streamId) {
    return occupant(codec.connection().stream(streamId));
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    H2ServerStream occupant = occupant(streamId);
    if (occupant == null) {
      return data.readableBytes() + padding;
    }
    occupant.data(data, endOfStream);
    return padding;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    onHeadersRead(ctx, streamId, headers, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    Http2Stream stream = codec.connection().stream(streamId);
    H2ServerStream occupant = occupant(stream);
    if (occupant != null) {
      if (!endOfStream || !ServerMultiplexedHead.isTrailer(headers)) {
        throw Http2Exception.streamError(
            streamId, Http2Error.PROTOCOL_ERROR, "a second head that is no trailer");
      }
      occupant.trailers();
    } else if (stream != null) {
      Optional<String> flaw = new ServerMultiplexedHead(headers).flaw();
      if (flaw.isPresent()) {
        throw Http2Exception.streamError(
            streamId, Http2Error.PROTOCOL_ERROR, "a request that %s", flaw.get());
      }
      connection.asked(stream, headers, endOfStream);
    }
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    H2ServerStream occupant = occupant(streamId);
    if (occupant != null) {
      occupant.reset(errorCode);
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    connection.settled();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    connection.ponged();
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
    connection.goneAway();
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    H2ServerStream occupant = occupant(stream);
    if (occupant != null) {
      occupant.closed();
    }
  }

  @Override
  public void writabilityChanged(Http2Stream stream) {
    // Pieces are credited as they are written.
  }
}
