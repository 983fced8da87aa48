package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.securestreams.core.event.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Writes the masked frames of an RFC 6455 client. */
final class ClientWsFrames {

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int MAX_HEADER = 14;
  private static final int MAX_REASON = 123;

  private ClientWsFrames() {}

  /** Bytes that a frame takes at most. */
  static int room(Payload payload) {
    return payload.size() + MAX_HEADER;
  }

  /**
   * Appends a frame.
   *
   * @param out has room for it, or grows
   * @param opcode of the frame
   * @param fin it is the last of its message
   * @param payload any bytes
   */
  static void frame(ByteBuf out, int opcode, boolean fin, Payload payload) {
    int size = payload.size();
    out.ensureWritable(size + MAX_HEADER);
    out.writeByte(opcode | (fin ? FIN : 0));
    if (size < 126) {
      out.writeByte(size | MASKED);
    } else if (size <= 0xFFFF) {
      out.writeByte(126 | MASKED).writeShort(size);
    } else {
      out.writeByte(127 | MASKED).writeLong(size);
    }
    int key = ThreadLocalRandom.current().nextInt();
    out.writeInt(key);
    mask(out, key, payload.asByteBuffer());
  }

  private static void mask(ByteBuf out, int key, ByteBuffer bytes) {
    long wide = (long) key << 32 | (key & 0xFFFFFFFFL);
    while (bytes.remaining() >= Long.BYTES) {
      out.writeLong(bytes.getLong() ^ wide);
    }
    for (int shift = 24; bytes.hasRemaining(); shift = (shift - 8) & 31) {
      out.writeByte(bytes.get() ^ (key >>> shift));
    }
  }

  /**
   * A frame of its own.
   *
   * @param opcode of a control frame
   * @param payload at most 125 bytes
   */
  static ByteBuf control(ByteBufAllocator allocator, int opcode, Payload payload) {
    ByteBuf out = allocator.ioBuffer(room(payload));
    frame(out, opcode, true, payload);
    return out;
  }

  /**
   * A close frame.
   *
   * @param code of the close, 0 for none
   * @param reason in ASCII, cut to what fits
   */
  static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    if (code == 0) {
      return control(allocator, ClientWsReader.CLOSE, Payload.empty());
    }
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(2 + Math.min(text.length, MAX_REASON));
    bytes.putShort((short) code).put(text, 0, bytes.remaining());
    return control(allocator, ClientWsReader.CLOSE, Payload.wrap(bytes.array()));
  }
}
