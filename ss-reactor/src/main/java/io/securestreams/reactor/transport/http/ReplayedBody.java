package io.securestreams.reactor.transport.http;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.TxPiece;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a body on their way to the link of the moment, kept for the next one. What was sent
 * before goes out again as one piece; the sender is told of every piece once. Safe from any thread.
 */
final class ReplayedBody {

  /** Most bytes that are kept. */
  static final int MOST = 1024 * 1024;

  private final List<TxPiece> kept = new ArrayList<>();
  private long bytes;
  private boolean lost;
  private boolean forgotten;
  @Nullable private Link link;

  /** Legs that asked for the body so far. */
  private int asked;

  /** Pieces that the first one of this leg stands for, once it is written; 0 if that is told. */
  private int merged;

  private int written;
  private int reported;

  /** Takes the next piece. */
  synchronized void send(TxPiece piece) {
    if (!forgotten && !lost) {
      bytes += piece.payload().size();
      kept.add(piece);
      if (bytes > MOST) {
        lost = true;
        kept.clear();
      }
    }
    if (link != null) {
      link.send(piece);
    }
  }

  /**
   * A link takes pieces.
   *
   * @return true if it is the first one, whose pieces are still to be asked for
   */
  synchronized boolean ready(Link next) {
    link = next;
    written = 0;
    if (asked++ == 0) {
      return true;
    }
    if (!kept.isEmpty()) {
      merged = kept.size();
      next.send(whole());
    }
    return false;
  }

  private TxPiece whole() {
    ByteArrayOutputStream all = new ByteArrayOutputStream((int) bytes);
    kept.forEach(piece -> all.writeBytes(piece.payload().bytes()));
    boolean end = kept.get(kept.size() - 1).flags().eom();
    return new TxPiece(Payload.wrap(all.toByteArray()), MessageFlags.of(true, end));
  }

  /** The link wrote pieces: how many of them were not told yet. */
  synchronized int written(int pieces) {
    written += pieces;
    if (merged > 0) {
      written += merged - 1;
      merged = 0;
    }
    int fresh = Math.max(0, written - reported);
    reported += fresh;
    return fresh;
  }

  /** The link gave its place up; the next one is still to come. */
  synchronized void pause() {
    link = null;
  }

  /** Nobody will ask for what was sent. */
  synchronized void forget() {
    forgotten = true;
    kept.clear();
  }

  /** True if there was more than is kept. */
  synchronized boolean isLost() {
    return lost;
  }
}
