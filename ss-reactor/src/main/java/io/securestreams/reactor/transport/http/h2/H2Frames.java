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

/** Leads what the codec tells to the exchange, or the connection, that it concerns. */
final class H2Frames extends Http2EventAdapter implements Http2RemoteFlowController.Listener {

  private final H2Connection connection;
  private final H2Codec codec;

  H2Frames(H2Connection connection, H2Codec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  private @Nullable H2Exchange exchange(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(codec.occupants());
  }

  private @Nullable H2Exchange exchange(int streamId) {
    return exchange(codec.connection().stream(streamId));
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    H2Exchange exchange = exchange(streamId);
    if (exchange == null) {
      return data.readableBytes() + padding;
    }
    exchange.data(data, endOfStream);
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
      boolean endOfStream) {
    onHeadersRead(ctx, streamId, headers, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream) {
    H2Exchange exchange = exchange(streamId);
    if (exchange != null) {
      exchange.headers(headers, endOfStream);
    }
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    H2Exchange exchange = exchange(streamId);
    if (exchange != null) {
      exchange.reset(errorCode);
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
    connection.goneAway(lastStreamId, errorCode);
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
    H2Exchange exchange = exchange(stream);
    if (exchange != null) {
      connection.ended(exchange);
    }
    connection.streamClosed();
  }

  @Override
  public void writabilityChanged(Http2Stream stream) {
    H2Exchange exchange = exchange(stream);
    if (exchange != null && codec.encoder().flowController().isWritable(stream)) {
      exchange.drain();
    }
  }
}
