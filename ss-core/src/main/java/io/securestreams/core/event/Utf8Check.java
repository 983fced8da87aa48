package io.securestreams.core.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks whether messages that come in pieces are UTF-8; a character may be cut between two pieces.
 * Not safe for several threads.
 *
 * <p>Source: RFC 3629 section 4, so that surrogates, overlong forms and what lies beyond U+10FFFF
 * are none.
 */
public final class Utf8Check {

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long NOT_ASCII = 0x8080808080808080L;
  private static final int LOWEST = 0x80;
  private static final int HIGHEST = 0xBF;

  /** Continuation bytes that the character at the end of the last piece still needs. */
  private int missing;

  /** The bounds of its next byte; after the first continuation they are the usual ones. */
  private int lowest = LOWEST;

  private int highest = HIGHEST;

  /**
   * Looks at the next piece of a message.
   *
   * @param payload the piece, possibly empty
   * @param flags whether it starts or ends its message
   * @return false if the message is no UTF-8, whatever may follow
   */
  public boolean accepts(Payload payload, MessageFlags flags) {
    if (flags.som()) {
      expect(0, LOWEST, HIGHEST);
    }
    return accepts(payload.array()) && (missing == 0 || !flags.eom());
  }

  private boolean accepts(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (missing == 0) {
        at = afterAscii(bytes, at);
        if (at == bytes.length) {
          return true;
        }
      }
      int next = bytes[at++] & 0xFF;
      if (!(missing == 0 ? starts(next) : continues(next))) {
        return false;
      }
    }
    return true;
  }

  /** The index of the first byte that is not ASCII. */
  private static int afterAscii(byte[] bytes, int from) {
    int at = from;
    while (at <= bytes.length - Long.BYTES && ((long) EIGHT.get(bytes, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  private boolean starts(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      expect(1, LOWEST, HIGHEST);
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      // Neither overlong nor a surrogate.
      expect(2, lead == 0xE0 ? 0xA0 : LOWEST, lead == 0xED ? 0x9F : HIGHEST);
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      // Neither overlong nor beyond U+10FFFF.
      expect(3, lead == 0xF0 ? 0x90 : LOWEST, lead == 0xF4 ? 0x8F : HIGHEST);
    } else {
      return false;
    }
    return true;
  }

  private boolean continues(int next) {
    boolean fits = next >= lowest && next <= highest;
    expect(missing - 1, LOWEST, HIGHEST);
    return fits;
  }

  private void expect(int count, int from, int to) {
    missing = count;
    lowest = from;
    highest = to;
  }
}
