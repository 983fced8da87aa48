package io.securestreams.core.trust;

import io.securestreams.core.error.Quoted;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One DER object as text: base64, or a whole PEM block.
 *
 * <p><b>Shape:</b> the standard and the URL-safe alphabet may be mixed; space, tab, CR and LF are
 * skipped; padding is optional. {@link #toString()} never shows the content, which may be a private
 * key.
 *
 * <p><b>Source:</b> policy key {@code certs[].*}; RFC 4648 sections 4 and 5, RFC 7468.
 */
public final class DerText {

  private static final Pattern PEM_BEGIN = Pattern.compile("-----BEGIN ([^-\r\n]*)-----");

  private final byte[] der;
  private final boolean pem;

  private DerText(byte[] der, boolean pem) {
    this.der = der;
    this.pem = pem;
  }

  /**
   * Decodes a text; whether the bytes are a certificate or a key is not looked at.
   *
   * @param text base64 or one PEM block
   * @throws IllegalArgumentException if it is neither; the message says where, in chars, and quotes
   *     at most the one illegal character
   */
  public static DerText parse(String text) {
    Matcher begin = PEM_BEGIN.matcher(text);
    if (!begin.find()) {
      return new DerText(decode(text, 0, text.length()), false);
    }
    int from = begin.end();
    int end = text.indexOf("-----END " + begin.group(1) + "-----", from);
    if (end < 0) {
      throw new IllegalArgumentException("PEM without its END line");
    }
    if (begin.find(end)) {
      throw new IllegalArgumentException("more than one PEM block; give each its own name");
    }
    return new DerText(decode(text, from, end), true);
  }

  private static byte[] decode(String text, int from, int to) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((to - from) * 3 / 4);
    int bits = 0;
    int held = 0;
    int at = from;
    for (; at < to && text.charAt(at) != '='; at++) {
      char c = text.charAt(at);
      if (isBlank(c)) {
        continue;
      }
      int value = value(c);
      if (value < 0) {
        throw illegal(text, at);
      }
      held = (held << 6 | value) & 0xFFFF;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes.write(held >> bits);
      }
    }
    for (int padding = 0; at < to; at++) {
      boolean pad = text.charAt(at) == '=' && ++padding <= 2;
      if (!pad && !isBlank(text.charAt(at))) {
        throw illegal(text, at);
      }
    }
    if (bits == 6) {
      throw new IllegalArgumentException("base64 that ends in the middle of a byte");
    }
    if (bytes.size() == 0) {
      throw new IllegalArgumentException("empty certificate");
    }
    return bytes.toByteArray();
  }

  private static IllegalArgumentException illegal(String text, int at) {
    int c = text.codePointAt(at);
    String shown =
        Character.isISOControl(c) ? "(a control character)" : Quoted.name(Character.toString(c));
    return new IllegalArgumentException("illegal base64 character " + shown + " at offset " + at);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static int value(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
      return 62;
    }
    return c == '/' || c == '_' ? 63 : -1;
  }

  /** A copy of the bytes. */
  public byte[] der() {
    return der.clone();
  }

  /** How many bytes there are. */
  public int size() {
    return der.length;
  }

  /** True if the text was a PEM block, false if it was bare base64. */
  public boolean isPem() {
    return pem;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DerText text && pem == text.pem && Arrays.equals(der, text.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }

  @Override
  public String toString() {
    return "DerText[" + der.length + " bytes]";
  }
}
