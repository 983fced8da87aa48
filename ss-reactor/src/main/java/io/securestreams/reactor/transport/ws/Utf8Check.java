package io.securestreams.reactor.transport.ws;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks text that comes in pieces, which may be cut anywhere. Source: RFC 3629 section 4, for RFC
 * 6455 section 8.1.
 */
final class Utf8Check {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  /** Continuation bytes that the current character still needs. */
  private int missing;

  /** What the next continuation byte may be; narrower than 80..BF after some first bytes. */
  private int lowest = 0x80;

  private int highest = 0xBF;

  /** Forgets what came before. */
  void reset() {
    missing = 0;
    lowest = 0x80;
    highest = 0xBF;
  }

  /**
   * Takes the next piece.
   *
   * @param bytes the whole of it
   * @return false if no text can contain it here; nothing more may be asked then
   */
  boolean accepts(byte[] bytes) {
    int i = 0;
    while (i < bytes.length) {
      if (missing == 0) {
        i = skipAscii(bytes, i);
        if (i < bytes.length && !first(bytes[i++] & 0xFF)) {
          return false;
        }
      } else if (!continues(bytes[i++] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** True if the text may end here. */
  boolean isWhole() {
    return missing == 0;
  }

  private static int skipAscii(byte[] bytes, int from) {
    int i = from;
    while (i <= bytes.length - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < bytes.length && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  private boolean first(int b) {
    if (b < 0xC2 || b > 0xF4) {
      return false;
    }
    if (b < 0xE0) {
      missing = 1;
    } else if (b < 0xF0) {
      missing = 2;
      // Neither overlong nor a surrogate.
      lowest = b == 0xE0 ? 0xA0 : 0x80;
      highest = b == 0xED ? 0x9F : 0xBF;
    } else {
      missing = 3;
      // Neither overlong nor above U+10FFFF.
      lowest = b == 0xF0 ? 0x90 : 0x80;
      highest = b == 0xF4 ? 0x8F : 0xBF;
    }
    return true;
  }

  private boolean continues(int b) {
    if (b < lowest || b > highest) {
      return false;
    }
    missing--;
    lowest = 0x80;
    highest = 0xBF;
    return true;
  }
}
