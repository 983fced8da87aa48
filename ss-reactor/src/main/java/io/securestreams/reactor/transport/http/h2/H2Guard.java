package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what a peer can make a connection do without moving a transaction forward: frames are
 * counted as they are read, those included that Netty's decoder passes over in silence.
 */
final class H2Guard implements Http2FrameReader {

  /** Idle talk in any window of time. */
  static final int MAX_FRAMES = 10_000;

  /**
   * Streams of a client that end in a reset in any window of time, be it sent or provoked: each
   * costs a transaction. Source: CVE-2023-44487, CVE-2025-8671.
   */
  static final int MAX_CLIENT_RESETS = 500;

  /** Answers owed to a peer that does not read. */
  static final int MAX_OWED = 1_000;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Http2FrameReader reader;
  private final int maxResets;
  private long windowBegan = System.nanoTime();
  private int frames;
  private int updates;
  private int resets;
  private int owed;

  /**
   * Guards a connection.
   *
   * @param reader decodes the frames
   * @param maxResets streams that may end in a reset in any window of time
   */
  H2Guard(Http2FrameReader reader, int maxResets) {
    this.reader = reader;
    this.maxResets = maxResets;
  }

  /**
   * A stream ended in a reset of ours, which the peer provoked.
   *
   * @throws Http2Exception if the connection has to end for it
   */
  void provoked() throws Http2Exception {
    resets = counted(resets, maxResets, "a stream in error");
  }

  /** A piece of a body was written, which the peer's credit may answer. */
  void wrote() {
    updates = 0;
  }

  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    reader.readFrame(ctx, input, new Counting(listener));
  }

  @Override
  public Configuration configuration() {
    return reader.configuration();
  }

  @Override
  public void close() {
    reader.close();
  }

  private void count(String what) throws Http2Exception {
    frames = counted(frames, MAX_FRAMES, what);
  }

  private int counted(int before, int most, String what) throws Http2Exception {
    long now = System.nanoTime();
    if (now - windowBegan > WINDOW_NANOS) {
      windowBegan = now;
      frames = 0;
      updates = 0;
      resets = 0;
      return 1;
    }
    if (before >= most) {
      throw tooMany(what);
    }
    return before + 1;
  }

  /** An answer to the frame waits until the peer reads. */
  private void owe(ChannelHandlerContext ctx, String what) throws Http2Exception {
    count(what);
    owed = ctx.channel().isWritable() ? 0 : owed + 1;
    if (owed > MAX_OWED) {
      throw tooMany(what);
    }
  }

  private static Http2Exception tooMany(String what) {
    return Http2Exception.connectionError(
        Http2Error.ENHANCE_YOUR_CALM, "too many frames that serve nothing, at last %s", what);
  }

  private final class Counting extends Http2FrameListenerDecorator {

    Counting(Http2FrameListener listener) {
      super(listener);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
        throws Http2Exception {
      if (!data.isReadable() && !endOfStream) {
        count("an empty DATA");
      }
      return super.onDataRead(ctx, streamId, data, padding, endOfStream);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext ctx,
        int streamId,
        int streamDependency,
        short weight,
        boolean exclusive)
        throws Http2Exception {
      count("a PRIORITY");
      super.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
        throws Http2Exception {
      resets = counted(resets, maxResets, "a RST_STREAM");
      super.onRstStreamRead(ctx, streamId, errorCode);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
        throws Http2Exception {
      owe(ctx, "a SETTINGS");
      super.onSettingsRead(ctx, settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      owe(ctx, "a PING");
      super.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
      count("an answered PING");
      super.onPingAckRead(ctx, data);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement)
        throws Http2Exception {
      updates = counted(updates, MAX_FRAMES, "a WINDOW_UPDATE");
      super.onWindowUpdateRead(ctx, streamId, windowSizeIncrement);
    }

    @Override
    public void onUnknownFrame(
        ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
        throws Http2Exception {
      count("a frame of type " + frameType);
      super.onUnknownFrame(ctx, frameType, streamId, flags, payload);
    }
  }
}
