package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * Writes the plain frames of a server, header and payload in one buffer: the codec's own encoder
 * would need a frame object and a second buffer for each. Source: RFC 6455 section 5.2.
 */
final class ServerWsWriter {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int FIN = 0x80;
  private static final int MAX_HEADER = 10;

  private final ByteBufAllocator allocator;

  /** A writer into buffers of a channel. */
  ServerWsWriter(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /**
   * Writes a frame.
   *
   * @param opcode of the frame
   * @param fin it is the last of its message
   * @param payload any bytes; at most 125 in a control frame
   * @return a buffer that the caller owns
   */
  ByteBuf frame(int opcode, boolean fin, ByteBuffer payload) {
    int size = payload.remaining();
    ByteBuf out = allocator.ioBuffer(size + MAX_HEADER);
    out.writeByte(opcode | (fin ? FIN : 0));
    if (size < 126) {
      out.writeByte(size);
    } else if (size <= 0xFFFF) {
      out.writeByte(126).writeShort(size);
    } else {
      out.writeByte(127).writeLong(size);
    }
    return out.writeBytes(payload);
  }

  /**
   * Writes a close frame.
   *
   * @param code its code, 0 for none
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
    return frame(PING, true, ByteBuffer.allocate(0));
  }
}
