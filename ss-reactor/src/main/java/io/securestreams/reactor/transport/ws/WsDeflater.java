package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.securestreams.core.event.Payload;
import java.util.zip.Deflater;

/**
 * Compresses the messages that are sent, piece by piece. Holds memory outside of the heap until
 * {@link #end()}. Source: RFC 7692, section 7.2.1.
 */
final class WsDeflater {

  /** What each piece ends with, and the last one is sent without. */
  private static final int TAIL = 4;

  private static final int SMALLEST = 64;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final boolean keepsContext;

  /**
   * Begins without any context.
   *
   * @param keepsContext whether messages may refer to earlier ones
   */
  WsDeflater(boolean keepsContext) {
    this.keepsContext = keepsContext;
  }

  /**
   * Compresses a piece.
   *
   * @param allocator of the channel
   * @param piece any piece
   * @param last whether it is the last of its message
   * @return content of the piece's frame; the caller's
   */
  ByteBuf deflate(ByteBufAllocator allocator, Payload piece, boolean last) {
    ByteBuf content = allocator.heapBuffer(SMALLEST + piece.size() / 2);
    deflater.setInput(piece.asByteBuffer());
    // A flush is complete when it leaves room.
    while (!content.isWritable() || write(content)) {
      content.ensureWritable(SMALLEST);
    }
    if (last) {
      cutTail(content);
      if (!keepsContext) {
        deflater.reset();
      }
    }
    return content;
  }

  /** Fills the room there is; true if there may be more. */
  private boolean write(ByteBuf content) {
    int room = content.writableBytes();
    int at = content.writerIndex();
    int more =
        deflater.deflate(content.array(), content.arrayOffset() + at, room, Deflater.SYNC_FLUSH);
    content.writerIndex(at + more);
    return more == room;
  }

  private static void cutTail(ByteBuf content) {
    if (content.readableBytes() >= TAIL) {
      content.writerIndex(content.writerIndex() - TAIL);
    }
    if (!content.isReadable()) {
      // Nothing since the last piece: an empty block says so. Section 7.2.3.6.
      content.writeByte(0);
    }
  }

  /** Gives its memory back; it cannot be used any more. */
  void end() {
    deflater.end();
  }
}
