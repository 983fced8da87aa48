package io.securestreams.reactor.transport.ws;

import java.nio.charset.StandardCharsets;

/**
 * What a close frame says.
 *
 * @param code 1000 and above, or 0 for none
 * @param reason with control characters replaced
 */
record ClientWsFarewell(int code, String reason) {

  private static final int PRIVATE_FROM = 3000;
  private static final int PRIVATE_TO = 4999;

  static ClientWsFarewell parse(byte[] payload) throws ClientWsViolation {
    if (payload.length == 0) {
      return new ClientWsFarewell(0, "");
    }
    if (payload.length == 1) {
      throw new ClientWsViolation(ClientWsViolation.PROTOCOL_ERROR, "half a close code");
    }
    int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    boolean registered = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
    if (!registered && (code < PRIVATE_FROM || code > PRIVATE_TO)) {
      throw new ClientWsViolation(ClientWsViolation.PROTOCOL_ERROR, "close code " + code);
    }
    byte[] text = new byte[payload.length - 2];
    System.arraycopy(payload, 2, text, 0, text.length);
    Utf8Check check = new Utf8Check();
    if (!check.accepts(text) || !check.isWhole()) {
      throw new ClientWsViolation(ClientWsViolation.INVALID_PAYLOAD, "a close reason is not UTF-8");
    }
    return new ClientWsFarewell(
        code, new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?"));
  }

  @Override
  public String toString() {
    return (code == 0 ? "no code" : "code " + code) + (reason.isEmpty() ? "" : ", " + reason);
  }
}
