package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Received bytes that are not read as frames yet. Its buffers never have another owner. */
final class ClientWsUnread {

  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

  /** Takes more bytes over. */
  void add(ByteBuf more) {
    if (bytes.isReadable()) {
      ByteBuf all = Unpooled.copiedBuffer(bytes, more);
      clear();
      more.release();
      bytes = all;
    } else {
      clear();
      bytes = more;
    }
  }

  /** To be read from, not to be released. */
  ByteBuf bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return !bytes.isReadable();
  }

  /** Moves the rest to the heap: it may wait for long, or for ever. */
  void settle() {
    ByteBuf rest = bytes.isReadable() ? Unpooled.copiedBuffer(bytes) : Unpooled.EMPTY_BUFFER;
    clear();
    bytes = rest;
  }

  void clear() {
    ByteBuf old = bytes;
    bytes = Unpooled.EMPTY_BUFFER;
    old.release();
  }
}
