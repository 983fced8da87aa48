package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Data frames that reach the socket as one buffer: many small ones cost little more than one.
 *
 * <p>Each is told as the socket takes its last byte, so that one is known to be written although
 * the connection broke inside the next.
 */
final class WsBatch implements ChannelProgressiveFutureListener {

  private final ByteBuf frames;
  private final WsFrameEncoder encoder;
  private final IntConsumer taken;

  /** Where each frame ends. */
  private int[] ends = new int[2];

  private int count;
  private int told;

  /**
   * A batch without frames.
   *
   * @param allocator of the channel
   * @param capacity bytes of all its frames
   * @param encoder of the channel
   * @param taken told how many more frames the socket took; on the event loop
   */
  WsBatch(ByteBufAllocator allocator, int capacity, WsFrameEncoder encoder, IntConsumer taken) {
    this.frames = allocator.ioBuffer(capacity, capacity);
    this.encoder = encoder;
    this.taken = taken;
  }

  /** Bytes of the frames that were added. */
  int size() {
    return frames.readableBytes();
  }

  /** True if it has room for another frame. */
  boolean fits(int frameSize) {
    return frameSize <= frames.writableBytes();
  }

  /**
   * Adds a frame that {@link #fits}.
   *
   * @param frame is released
   */
  void add(WebSocketFrame frame) {
    encoder.append(frame, frames);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
    }
    ends[count++] = frames.writerIndex();
  }

  /** Hands the frames over; they go out with the next flush. */
  void writeTo(Channel channel) {
    channel.write(frames, channel.newProgressivePromise()).addListener(this);
  }

  /** Forgets the frames, which nobody will write. */
  void release() {
    frames.release();
  }

  @Override
  public void operationProgressed(ChannelProgressiveFuture write, long bytes, long total) {
    int before = told;
    while (told < count && ends[told] <= bytes) {
      told++;
    }
    if (told > before) {
      taken.accept(told - before);
    }
  }

  @Override
  public void operationComplete(ChannelProgressiveFuture write) {
    // A failed one is followed by the end of the connection, which is told by itself.
    if (write.isSuccess() && told < count) {
      int rest = count - told;
      told = count;
      taken.accept(rest);
    }
  }
}
