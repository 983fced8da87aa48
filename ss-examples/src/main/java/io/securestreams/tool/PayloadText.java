package io.securestreams.tool;

import io.securestreams.core.event.Payload;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Received bytes as text, when they are text. */
final class PayloadText {

  private static final int PREVIEW = 160;

  private PayloadText() {}

  /** The text, unless the bytes are not UTF-8. */
  static Optional<String> strict(Payload payload) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(payload.asByteBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static String base64(Payload payload) {
    return Base64.getEncoder().encodeToString(payload.bytes());
  }

  /** Short and harmless on a terminal: quoted text with escapes, or the first bytes in hex. */
  static String preview(Payload payload) {
    Optional<String> text = strict(payload);
    if (text.isPresent()) {
      return quote(text.get());
    }
    byte[] bytes = payload.bytes();
    StringBuilder hex = new StringBuilder("0x");
    for (int i = 0; i < Math.min(bytes.length, PREVIEW / 4); i++) {
      hex.append(Character.forDigit(bytes[i] >> 4 & 15, 16));
      hex.append(Character.forDigit(bytes[i] & 15, 16));
    }
    return hex.append(bytes.length > PREVIEW / 4 ? "…" : "").toString();
  }

  /** The text in quotes, control characters escaped, cut where it gets long. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int end = text.offsetByCodePoints(0, Math.min(PREVIEW, text.codePointCount(0, text.length())));
    text.substring(0, end).codePoints().forEach(c -> escape(quoted, c));
    return quoted.append('"').append(end < text.length() ? "…" : "").toString();
  }

  private static void escape(StringBuilder to, int c) {
    switch (c) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      case '"' -> to.append("\\\"");
      case '\\' -> to.append("\\\\");
      default -> {
        int type = Character.getType(c);
        if (type == Character.CONTROL || type == Character.FORMAT) {
          to.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
          to.appendCodePoint(c);
        }
      }
    }
  }
}
