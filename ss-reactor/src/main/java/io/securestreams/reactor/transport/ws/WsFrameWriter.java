package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Writes frames into buffers, header and payload in one. Source: RFC 6455 section 5.2. */
final class WsFrameWriter {

  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int LONGEST_HEADER = 14;

  private final ByteBufAllocator allocator;
  private final Optional<IntSupplier> masks;

  /**
   * A writer for one side.
   *
   * @param allocator of the channel
   * @param masks makes the unpredictable masks of a client; empty for a server, which never masks
   */
  WsFrameWriter(ByteBufAllocator allocator, Optional<IntSupplier> masks) {
    this.allocator = allocator;
    this.masks = masks;
  }

  /**
   * Writes a frame.
   *
   * @param opcode one of the constants
   * @param last whether FIN is set
   * @param payload the bytes
   * @return a buffer that the caller owns
   */
  ByteBuf frame(int opcode, boolean last, ByteBuffer payload) {
    int size = payload.remaining();
    ByteBuf frame = allocator.buffer(LONGEST_HEADER + size);
    frame.writeByte((last ? FIN : 0) | opcode);
    int masked = masks.isPresent() ? MASKED : 0;
    if (size < 126) {
      frame.writeByte(masked | size);
    } else if (size <= 0xFFFF) {
      frame.writeByte(masked | 126).writeShort(size);
    } else {
      frame.writeByte(masked | 127).writeLong(size);
    }
    if (masks.isPresent()) {
      int mask = masks.get().getAsInt();
      frame.writeInt(mask);
      int start = frame.writerIndex();
      frame.writeBytes(payload);
      mask(frame, start, mask);
    } else {
      frame.writeBytes(payload);
    }
    return frame;
  }

  /**
   * Writes a close frame without a reason text.
   *
   * @param code close code; 0 for a frame without one
   */
  ByteBuf close(int code) {
    ByteBuffer payload = ByteBuffer.allocate(code == 0 ? 0 : Short.BYTES);
    if (code != 0) {
      payload.putShort((short) code).flip();
    }
    return frame(CLOSE, true, payload);
  }

  /** Writes an empty ping. */
  ByteBuf ping() {
    return frame(PING, true, Unpooled.EMPTY_BUFFER.nioBuffer());
  }

  private static void mask(ByteBuf frame, int start, int mask) {
    int i = start;
    int end = frame.writerIndex();
    long wide = (mask & 0xFFFFFFFFL) | ((long) mask << 32);
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      frame.setLong(i, frame.getLong(i) ^ wide);
    }
    for (int shift = 24; i < end; i++, shift = (shift - 8) & 31) {
      frame.setByte(i, frame.getByte(i) ^ (mask >>> shift));
    }
  }
}
