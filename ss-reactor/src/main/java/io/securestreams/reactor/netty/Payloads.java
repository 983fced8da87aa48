package io.securestreams.reactor.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.securestreams.core.event.Payload;

/** Copies between Netty's buffers, which never leave a transport, and payloads. */
public final class Payloads {

  private Payloads() {}

  /**
   * Copies the readable bytes; the buffer's owner still has to release it.
   *
   * @param buffer any buffer; its reader index does not move
   */
  public static Payload copy(ByteBuf buffer) {
    int size = buffer.readableBytes();
    if (size == 0) {
      return Payload.empty();
    }
    byte[] bytes = new byte[size];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return Payload.wrap(bytes);
  }

  /**
   * Copies a payload into a buffer that suits a socket; the caller owns the buffer.
   *
   * @param allocator of the channel
   * @param payload any payload
   */
  public static ByteBuf buffer(ByteBufAllocator allocator, Payload payload) {
    int size = payload.size();
    if (size == 0) {
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf buffer = allocator.ioBuffer(size, size);
    append(buffer, payload);
    return buffer;
  }

  /**
   * Copies a payload behind what a buffer has.
   *
   * @param buffer not a composite one, with room for the payload
   * @param payload any payload
   */
  public static void append(ByteBuf buffer, Payload payload) {
    int start = buffer.writerIndex();
    int size = payload.size();
    payload.copyTo(buffer.internalNioBuffer(start, size));
    buffer.writerIndex(start + size);
  }
}
