package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.securestreams.core.event.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Expands the messages of a peer, frame by frame, and never beyond a limit. Holds memory outside of
 * the heap until {@link #end()}. Source: RFC 7692, section 7.2.2.
 */
final class WsInflater {

  /** What the sender cut off at the end of each message. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private static final byte[] NOTHING = {};
  private static final int SMALLEST = 256;
  private static final int USUAL_RATIO = 4;

  private final Inflater inflater = new Inflater(true);
  private final boolean keepsContext;

  private byte[] expanded = NOTHING;
  private int size;

  /**
   * Begins without any context.
   *
   * @param keepsContext whether messages refer to earlier ones
   */
  WsInflater(boolean keepsContext) {
    this.keepsContext = keepsContext;
  }

  /**
   * Expands the content of a frame.
   *
   * @param content still the caller's
   * @param last whether it is the last frame of its message
   * @param limit most bytes that are wanted, 0 or more
   * @return the bytes; one more than the limit if there are more
   * @throws DataFormatException if it is no deflated data
   */
  Payload inflate(ByteBuf content, boolean last, long limit) throws DataFormatException {
    int most = (int) Math.min(limit + 1, Integer.MAX_VALUE - Long.BYTES);
    long guess = Math.max(SMALLEST, (long) content.readableBytes() * USUAL_RATIO);
    expanded = new byte[(int) Math.min(most, guess)];
    size = 0;
    try {
      expand(content.nioBuffer(), most);
      if (last) {
        expand(ByteBuffer.wrap(TAIL), most);
        if (!keepsContext) {
          inflater.reset();
        }
      }
      return Payload.wrap(Arrays.copyOf(expanded, size));
    } finally {
      expanded = NOTHING;
    }
  }

  private void expand(ByteBuffer input, int most) throws DataFormatException {
    inflater.setInput(input);
    while (size < most) {
      if (size == expanded.length) {
        expanded = Arrays.copyOf(expanded, (int) Math.min(most, size * 2L));
      }
      int more = inflater.inflate(expanded, size, expanded.length - size);
      size += more;
      if (inflater.finished()) {
        // A sender may end the data inside of a message, and begin anew. Section 7.2.3.5.
        inflater.reset();
        inflater.setInput(input);
      }
      if (more == 0 && inflater.needsInput()) {
        return;
      }
    }
  }

  /** Gives its memory back; it cannot be used any more. */
  void end() {
    inflater.end();
  }
}
