package io.securestreams.core.trust;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes several DER objects apart: PEM blocks, or DER one after the other. */
final class DerBundle {

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([^-\r\n]*)-----.*?-----END \\1-----", Pattern.DOTALL);

  private DerBundle() {}

  /**
   * The objects in order.
   *
   * @param bytes PEM, with any text around the blocks, or DER
   * @throws IllegalArgumentException if an object is cut short or no base64; the message does not
   *     quote it
   */
  static List<byte[]> split(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.contains("-----BEGIN ") ? blocks(text) : objects(bytes);
  }

  private static List<byte[]> blocks(String text) {
    List<byte[]> blocks = new ArrayList<>();
    Matcher matcher = PEM.matcher(text);
    while (matcher.find()) {
      blocks.add(DerText.parse(matcher.group()).der());
    }
    return blocks;
  }

  private static List<byte[]> objects(byte[] bytes) {
    List<byte[]> objects = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int end = end(bytes, at);
      objects.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return objects;
  }

  /** Where the object ends that begins at an offset: X.690 section 8.1.3, definite form. */
  private static int end(byte[] bytes, int at) {
    int first = at + 1 < bytes.length ? bytes[at + 1] & 0xFF : -1;
    int count = first < 0x80 ? 0 : first & 0x7F;
    if (first < 0 || first == 0x80 || count > 4 || at + 2 + count > bytes.length) {
      throw new IllegalArgumentException("neither PEM nor DER at offset " + at);
    }
    long length = count == 0 ? first : 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | bytes[at + 2 + i] & 0xFF;
    }
    long end = at + 2L + count + length;
    if (end > bytes.length) {
      throw new IllegalArgumentException("DER that begins at offset " + at + " is cut short");
    }
    return (int) end;
  }
}
