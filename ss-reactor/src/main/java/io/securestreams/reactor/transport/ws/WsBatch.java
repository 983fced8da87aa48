package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.handler.codec.http.websocketx.RandomWebSocketFrameMaskGenerator;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.netty.Payloads;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Data frames that reach the socket as one buffer: many small ones cost little more than one.
 *
 * <p>Each is told as the socket takes its last byte, so that one is known to be written although
 * the connection broke inside the next. Source: RFC 6455 section 5.2.
 */
final class WsBatch implements ChannelProgressiveFutureListener {

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  private static final int SHORT_LENGTH = 125;
  private static final int LENGTH_OF_2_BYTES = 126;
  private static final int LENGTH_OF_8_BYTES = 127;
  private static final int LARGEST_OF_2_BYTES = 0xFFFF;

  private final ByteBuf frames;
  private final boolean masked;
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
   * @param masked true for a client's frames
   * @param taken told how many more frames the socket took; on the event loop
   */
  WsBatch(ByteBufAllocator allocator, int capacity, boolean masked, IntConsumer taken) {
    this.frames = allocator.ioBuffer(capacity, capacity);
    this.masked = masked;
    this.taken = taken;
  }

  /**
   * Bytes of a frame.
   *
   * @param payload its content
   * @param masked true for a client's frame
   */
  static int size(Payload payload, boolean masked) {
    int length = payload.size();
    int extended = length <= SHORT_LENGTH ? 0 : length <= LARGEST_OF_2_BYTES ? 2 : 8;
    return 2 + extended + (masked ? 4 : 0) + length;
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
   * @param opcode of the frame
   * @param last whether it ends its message
   * @param payload its content
   */
  void add(int opcode, boolean last, Payload payload) {
    frames.writeByte(last ? FINAL | opcode : opcode);
    writeLength(payload.size());
    if (masked) {
      int key = RandomWebSocketFrameMaskGenerator.INSTANCE.nextMask();
      frames.writeInt(key);
      int start = frames.writerIndex();
      Payloads.append(frames, payload);
      mask(start, key);
    } else {
      Payloads.append(frames, payload);
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
    }
    ends[count++] = frames.writerIndex();
  }

  private void writeLength(int length) {
    int bit = masked ? MASKED : 0;
    if (length <= SHORT_LENGTH) {
      frames.writeByte(bit | length);
    } else if (length <= LARGEST_OF_2_BYTES) {
      frames.writeByte(bit | LENGTH_OF_2_BYTES).writeShort(length);
    } else {
      frames.writeByte(bit | LENGTH_OF_8_BYTES).writeLong(length);
    }
  }

  private void mask(int start, int key) {
    int end = frames.writerIndex();
    long wideKey = (long) key << Integer.SIZE | Integer.toUnsignedLong(key);
    int i = start;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      frames.setLong(i, frames.getLong(i) ^ wideKey);
    }
    for (int shift = Integer.SIZE - Byte.SIZE; i < end; i++, shift -= Byte.SIZE) {
      frames.setByte(i, frames.getByte(i) ^ key >>> (shift & Integer.SIZE - 1));
    }
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
