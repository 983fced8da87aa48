package io.securestreams.core.trust;

import java.util.OptionalInt;

/**
 * The outermost bytes of a DER object (X.690 section 8.1). A process whose policy has certificates
 * only is spared the loading of an ASN.1 library, which takes longer than the policy itself.
 */
final class DerHeader {

  /** The tag of an integer. */
  static final int INTEGER = 0x02;

  private static final int SEQUENCE = 0x30;

  /** With this bit the length follows in as many bytes as the other bits say. */
  private static final int LONG_FORM = 0x80;

  private static final int MOST_LENGTH_BYTES = 3;

  private DerHeader() {}

  /** The tag of the first element of the one sequence that the bytes are. */
  static OptionalInt firstTag(byte[] der) {
    if (der.length < 2 || unsigned(der, 0) != SEQUENCE) {
      return OptionalInt.empty();
    }
    int length = unsigned(der, 1);
    int content = 2;
    if (length >= LONG_FORM) {
      content += length - LONG_FORM;
      if (content > 2 + MOST_LENGTH_BYTES || content > der.length) {
        return OptionalInt.empty();
      }
      length = 0;
      for (int at = 2; at < content; at++) {
        length = length << Byte.SIZE | unsigned(der, at);
      }
    }
    return length > 0 && content + length == der.length
        ? OptionalInt.of(unsigned(der, content))
        : OptionalInt.empty();
  }

  private static int unsigned(byte[] der, int at) {
    return der[at] & 0xFF;
  }
}
