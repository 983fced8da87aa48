package io.securestreams.reactor.transport.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came of the body of a request and could not be handed out. */
final class ServerBacklog {

  private final ByteBufAllocator allocator;
  @Nullable private ByteBuf kept;

  /** A backlog of nothing. */
  ServerBacklog(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  boolean isEmpty() {
    return kept == null;
  }

  /** Adds bytes, which are not released. */
  void keep(ByteBuf data) {
    ByteBuf all = kept;
    if (all == null) {
      all = allocator.heapBuffer(data.readableBytes());
    }
    kept = all.writeBytes(data, data.readerIndex(), data.readableBytes());
  }

  /** Gives all of it away; it must not be empty. */
  ByteBuf take() {
    ByteBuf all = Objects.requireNonNull(kept, "empty");
    kept = null;
    return all;
  }

  /** Drops it. */
  void clear() {
    if (kept != null) {
      take().release();
    }
  }
}
