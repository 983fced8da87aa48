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
import org.jspecify.annotations.Nullable;

/** Leads what the codec tells to the occupant of the stream, or the end, that it concerns. */
final class H2Frames extends Http2EventAdapter implements Http2RemoteFlowController.Listener {

  private final H2Endpoint<?> endpoint;
  private final H2Codec codec;

  H2Frames(H2Endpoint<?> endpoint, H2Codec codec) {
    this.endpoint = endpoint;
    this.codec = codec;
  }

  private @Nullable H2Occupant occupant(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(codec.occupants());
  }

  private @Nullable H2Occupant occupant(int streamId) {
    return occupant(codec.connection().stream(streamId));
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    H2Occupant occupant = occupant(streamId);
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
    H2Occupant occupant = occupant(stream);
    if (occupant != null) {
      occupant.headers(headers, endOfStream);
    } else if (stream != null) {
      endpoint.opened(stream, headers, endOfStream);
    }
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    H2Occupant occupant = occupant(streamId);
    if (occupant != null) {
      occupant.reset(errorCode);
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    endpoint.settled();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    endpoint.ponged();
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
    endpoint.goneAway(lastStreamId, errorCode);
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext ctx,
      int streamId,
      int promisedStreamId,
      Http2Headers headers,
      int padding)
      throws Http2Exception {
    throw Http2Exception.connectionError(
        Http2Error.PROTOCOL_ERROR, "a push, which the settings forbid");
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    H2Occupant occupant = occupant(stream);
    if (occupant != null) {
      occupant.closed();
    }
    endpoint.streamClosed();
  }

  @Override
  public void writabilityChanged(Http2Stream stream) {
    H2Occupant occupant = occupant(stream);
    if (occupant != null && endpoint.isWritable(stream)) {
      occupant.drain();
    }
  }
}
