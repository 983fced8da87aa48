package io.securestreams.reactor.transport.ws;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What both ends of a WebSocket agreed on about compression. Source: RFC 7692, section 7.
 *
 * <p>The JDK's compressor has one window size, 15 bits, so that a smaller one cannot be agreed to
 * for what we send. What we receive may have any.
 *
 * @param clientKeeps whether the client's messages refer to its earlier ones
 * @param serverKeeps whether the server's messages refer to its earlier ones
 * @param answer what a server answers to the offer
 */
record WsCompression(boolean clientKeeps, boolean serverKeeps, String answer) {

  /** What a client offers. */
  static final String OFFER = "permessage-deflate";

  private static final String CLIENT_FORGETS = "client_no_context_takeover";
  private static final String SERVER_FORGETS = "server_no_context_takeover";
  private static final String CLIENT_WINDOW = "client_max_window_bits";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String LARGEST_WINDOW = "15";
  private static final String NO_VALUE = "";
  private static final Pattern WINDOW = Pattern.compile("[89]|1[0-5]");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  /**
   * A client looks at the server's answer to {@link #OFFER}.
   *
   * @param answer value of the answer's header
   * @return empty if the answer is none to that offer
   */
  static Optional<WsCompression> accepted(String answer) {
    return parameters(answer)
        .filter(
            chosen ->
                !chosen.containsKey(CLIENT_WINDOW)
                    && (!chosen.containsKey(SERVER_WINDOW)
                        || WINDOW.matcher(chosen.get(SERVER_WINDOW)).matches()))
        .map(chosen -> of(chosen, answer));
  }

  /**
   * A server looks at what a client offers, and takes the first that it can.
   *
   * @param offers value of the request's header
   * @return empty if there is none
   */
  static Optional<WsCompression> chosen(String offers) {
    for (String offer : offers.split(",")) {
      Optional<Map<String, String>> offered = parameters(offer).filter(WsCompression::isPossible);
      if (offered.isPresent()) {
        return offered.map(taken -> of(taken, answer(taken)));
      }
    }
    return Optional.empty();
  }

  /** Whether the messages that a side sends refer to its earlier ones. */
  boolean keeps(WsChannel.Side sender) {
    return sender == WsChannel.Side.CLIENT ? clientKeeps : serverKeeps;
  }

  private static WsCompression of(Map<String, String> parameters, String answer) {
    return new WsCompression(
        !parameters.containsKey(CLIENT_FORGETS), !parameters.containsKey(SERVER_FORGETS), answer);
  }

  private static boolean isPossible(Map<String, String> offer) {
    String client = offer.getOrDefault(CLIENT_WINDOW, NO_VALUE);
    return offer.getOrDefault(SERVER_WINDOW, LARGEST_WINDOW).equals(LARGEST_WINDOW)
        && (client.equals(NO_VALUE) || WINDOW.matcher(client).matches());
  }

  private static String answer(Map<String, String> offer) {
    StringBuilder answer = new StringBuilder(OFFER);
    if (offer.containsKey(SERVER_FORGETS)) {
      answer.append("; ").append(SERVER_FORGETS);
    }
    if (offer.containsKey(CLIENT_FORGETS)) {
      answer.append("; ").append(CLIENT_FORGETS);
    }
    if (offer.containsKey(SERVER_WINDOW)) {
      answer.append("; ").append(SERVER_WINDOW).append('=').append(LARGEST_WINDOW);
    }
    return answer.toString();
  }

  /** The parameters of an extension, if it is this one and knows them all. */
  private static Optional<Map<String, String>> parameters(String extension) {
    String[] parts = extension.split(";", -1);
    if (!parts[0].trim().equals(OFFER)) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      String name = pair[0].trim();
      String value =
          pair.length == 1 ? NO_VALUE : QUOTED.matcher(pair[1].trim()).replaceFirst("$1");
      boolean known =
          switch (name) {
            case CLIENT_FORGETS, SERVER_FORGETS -> pair.length == 1;
            case CLIENT_WINDOW -> pair.length == 1 || !value.isEmpty();
            case SERVER_WINDOW -> !value.isEmpty();
            default -> false;
          };
      if (!known || parameters.put(name, value) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
