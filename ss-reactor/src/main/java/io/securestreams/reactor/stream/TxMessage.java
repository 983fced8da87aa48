package io.securestreams.reactor.stream;

import io.securestreams.core.event.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.MonoSink;

/** One message that an application wants sent, and who is told how that went. */
final class TxMessage {

  private static final long UNKNOWN = -1;

  @Nullable private final Payload whole;
  @Nullable private final Publisher<Payload> pieces;
  private final long length;
  @Nullable private final MonoSink<Void> outcome;

  /** The next part of the same upload, if this is not the last. */
  @Nullable private TxMessage follower;

  /** It shares the fate of the one it follows, whose sender is told. */
  private boolean follows;

  private long ordinal = -1;
  private boolean begun;
  private boolean parted;
  private int written;
  private int pieceCount;

  private TxMessage(
      @Nullable Payload whole,
      @Nullable Publisher<Payload> pieces,
      long length,
      @Nullable MonoSink<Void> outcome) {
    this.whole = whole;
    this.pieces = pieces;
    this.length = length;
    this.outcome = outcome;
  }

  /** A message that is there as a whole; {@code outcome} is null for a bare emission. */
  static TxMessage of(Payload payload, @Nullable MonoSink<Void> outcome) {
    return new TxMessage(payload, null, payload.size(), outcome);
  }

  /** A message that comes in pieces; a negative length is not known. */
  static TxMessage of(Publisher<Payload> pieces, long length, MonoSink<Void> outcome) {
    return new TxMessage(null, pieces, length < 0 ? UNKNOWN : length, outcome);
  }

  /** The parts of one upload, chained behind the first one. */
  static TxMessage upload(List<Payload> parts, MonoSink<Void> outcome) {
    TxMessage first = of(parts.get(0), outcome);
    TxMessage last = first;
    for (Payload part : parts.subList(1, parts.size())) {
      TxMessage next = of(part, null);
      next.follows = true;
      last.follower = next;
      last = next;
    }
    return first;
  }

  /** The next part of the same upload, or null. */
  @Nullable TxMessage follower() {
    return follower;
  }

  /** True if its fate is told by the part before it. */
  boolean follows() {
    return follows;
  }

  @Nullable Payload whole() {
    return whole;
  }

  @Nullable Publisher<Payload> pieces() {
    return pieces;
  }

  boolean hasKnownLength() {
    return length != UNKNOWN;
  }

  long length() {
    return length;
  }

  /** True if there is nothing to send but the request itself. */
  boolean isEmpty() {
    return length == 0;
  }

  long ordinal() {
    return ordinal;
  }

  void ordinal(long value) {
    ordinal = value;
  }

  /** Marks that a part of it may have left; pieces cannot be asked for a second time. */
  void begin() {
    begun = true;
  }

  /** The number of pieces is known: it is complete once that many are written. */
  void endsWith(int count) {
    pieceCount = count;
  }

  /** One more piece is written; true if it was the last. */
  boolean pieceWritten() {
    written++;
    return written == pieceCount;
  }

  /** True if it was given to a link. */
  boolean isSent() {
    return begun;
  }

  /** Forgets what an earlier connection wrote of it. */
  void reset() {
    begun = false;
    written = 0;
    pieceCount = 0;
  }

  /** Marks that its link was given up and still sends it: it may arrive, and is not sent again. */
  void part() {
    parted = true;
  }

  /** True if it can be sent again from its start. */
  boolean isRepeatable() {
    return !parted && (whole != null || !begun);
  }

  @Nullable MonoSink<Void> outcome() {
    return outcome;
  }

  void succeed() {
    if (outcome != null) {
      outcome.success();
    }
  }
}
