package io.securestreams.core.policy.json;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Texts that nobody would write by mistake, made while they are read. */
enum HostileText {
  RANDOM_BYTES("", noise(), ""),
  OPEN_ARRAYS("", "[", ""),
  OPEN_OBJECTS("", "{\"a\":", ""),
  OPEN_ARRAYS_IN_A_POLICY("{\"s\":", "[", ""),
  STRING_WITHOUT_END("{\"release\":\"", "a", ""),
  STRING("{\"release\":\"", "a", "\",\"s\":[]}"),
  WIDE_STRING("{\"release\":\"\u00E2\u0082\u00AC", "a", "\",\"s\":[]}"),
  STRING_OF_ESCAPES("{\"release\":\"", "\\u0041", "\",\"s\":[]}"),
  UNKNOWN_STRING("{\"s\":[],\"t\":\"", "\\\\", "\"}"),
  NUMBER_WITHOUT_END("{\"schema-version\":", "1", ""),
  NUMBER("{\"schema-version\":", "1", ",\"s\":[]}"),
  FRACTION("{\"schema-version\":1.", "0", ",\"s\":[]}"),
  MEMBERS("{\"s\":[{\"a\":1", ",\"a\":1", "}]}"),
  UNKNOWN_MEMBERS("{\"s\":[]", ",\"t\":1", "}"),
  NAME("{\"s\":[{\"", "n", "\":{\"port\":-1,\"tls\":0,\"retry\":\"\",\"tsl\":1}}]}"),
  ITEMS("{\"s\":[0", ",0", "]}"),
  EMPTY_OBJECTS("{\"s\":[{}", ",{}", "]}"),
  BLANKS("{", " ", "\"s\":0}"),
  LINES("{", "\n", "\"s\":0}"),
  COMMENT("{#", "/", "\n\"s\":0}"),
  CERTIFICATE("{\"certs\":[{\"c\":\"", "A", "\"}],\"s\":[]}");

  private final String before;
  private final String repeated;
  private final String after;

  HostileText(String before, String repeated, String after) {
    this.before = before;
    this.repeated = repeated;
    this.after = after;
  }

  private static String noise() {
    byte[] noise = new byte[1 << 16];
    new Random(1).nextBytes(noise);
    return new String(noise, StandardCharsets.ISO_8859_1);
  }

  /** So many bytes or a few less, without holding them. */
  InputStream bytes(int size) {
    int room = size - before.length() - after.length();
    int length = room - room % Math.min(repeated.length(), room);
    InputStream middle =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return at == length ? -1 : repeated.charAt(at++ % repeated.length());
          }

          @Override
          public int read(byte[] target, int offset, int wanted) {
            int count = Math.min(wanted, length - at);
            for (int i = 0; i < count; i++) {
              target[offset + i] = (byte) repeated.charAt(at++ % repeated.length());
            }
            return count == 0 && wanted > 0 ? -1 : count;
          }
        };
    return new SequenceInputStream(
        Collections.enumeration(List.of(stream(before), middle, stream(after))));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads each text with so many bytes; says how many findings there are, and the first one. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (HostileText text : values()) {
      InputStream bytes = text.bytes(Integer.parseInt(args[0]));
      PolicyParse parse = PolicyParser.lenient().parse(bytes, "hostile");
      out.println(text + " " + parse.findings().size() + " " + parse.findings().get(0));
    }
  }
}
