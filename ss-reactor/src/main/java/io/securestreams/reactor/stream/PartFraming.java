package io.securestreams.reactor.stream;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.MultipartForm;
import io.securestreams.reactor.spi.TxPiece;

/**
 * Makes the pieces of several messages the pieces of one multipart body, one for one: what stands
 * around a part goes out with its first and last piece. Inside the mailbox only.
 */
final class PartFraming {

  private static final byte[] NOTHING = {};

  private final MultipartForm form;
  private int part;
  private boolean inside;

  PartFraming(MultipartForm form) {
    this.form = form;
  }

  /** The stream type whose payload comes next; the last one's once all is said. */
  String streamType() {
    return form.parts().get(Math.min(part, form.parts().size() - 1)).streamType();
  }

  /** True once the last part was given its end. */
  boolean isComplete() {
    return part == form.parts().size();
  }

  /** What the body has in place of a piece; its flags are those of the whole body. */
  TxPiece frame(Payload piece, MessageFlags flags) {
    boolean opens = !inside;
    boolean first = opens && part == 0;
    boolean last = flags.eom() && part == form.parts().size() - 1;
    byte[] before = opens ? form.opening(part) : NOTHING;
    byte[] after = last ? form.closing() : NOTHING;
    inside = !flags.eom();
    if (flags.eom()) {
      part++;
    }
    return new TxPiece(joined(before, piece, after), MessageFlags.of(first, last));
  }

  private static Payload joined(byte[] before, Payload piece, byte[] after) {
    if (before.length + after.length == 0) {
      return piece;
    }
    byte[] bytes = new byte[before.length + piece.size() + after.length];
    System.arraycopy(before, 0, bytes, 0, before.length);
    piece.copyTo(bytes, before.length);
    System.arraycopy(after, 0, bytes, before.length + piece.size(), after.length);
    return Payload.wrap(bytes);
  }
}
