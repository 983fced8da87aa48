package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.WsCase.BINARY;
import static io.securestreams.reactor.testing.WsCase.CLOSE;
import static io.securestreams.reactor.testing.WsCase.CONTINUATION;
import static io.securestreams.reactor.testing.WsCase.PING;
import static io.securestreams.reactor.testing.WsCase.PONG;
import static io.securestreams.reactor.testing.WsCase.TEXT;
import static io.securestreams.reactor.testing.WsPuppet.FIN;
import static io.securestreams.reactor.testing.WsPuppet.RSV1;

import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.WsCase;
import io.securestreams.reactor.testing.WsEchoes;
import io.securestreams.reactor.testing.WsEchoes.Manner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fragments and closes, said to our client and to our server. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class WsSequenceCasesIT {

  private static final WsEchoes ENDPOINTS = new WsEchoes(TransportSettings.DEFAULTS, "");

  @AfterAll
  static void close() throws IOException {
    ENDPOINTS.close();
  }

  static Stream<Arguments> fragments() {
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("5.1", "RFC 6455, 5.5", "a ping in two fragments")
                .says(PING, "p")
                .says(FIN | CONTINUATION, "q")
                .breaks(1002),
            WsCase.text("5.2", "RFC 6455, 5.5", "a pong in two fragments")
                .says(PONG, "p")
                .says(FIN | CONTINUATION, "q")
                .breaks(1002),
            WsCase.text("5.3", "RFC 6455, 5.4", "text in two fragments")
                .says(TEXT, "frag")
                .says(FIN | CONTINUATION, "ment")
                .hears("fragment"),
            WsCase.binary("5.4", "RFC 6455, 5.4", "bytes in three fragments")
                .says(BINARY, new byte[] {1})
                .says(CONTINUATION, new byte[] {2})
                .says(FIN | CONTINUATION, new byte[] {3})
                .hears(new byte[] {1, 2, 3}),
            WsCase.text("5.5", "RFC 6455, 5.4", "a ping between fragments")
                .says(TEXT, "frag")
                .says(FIN | PING, "between")
                .says(FIN | CONTINUATION, "ment")
                .hears(FIN | PONG, "between".getBytes(StandardCharsets.UTF_8))
                .hears("fragment"),
            WsCase.text("5.6", "RFC 6455, 5.4", "two pings between five fragments")
                .says(TEXT, "a")
                .says(CONTINUATION, "b")
                .says(FIN | PING, "1")
                .says(CONTINUATION, "c")
                .says(CONTINUATION, "d")
                .says(FIN | PING, "2")
                .says(FIN | CONTINUATION, "e")
                .hears(FIN | PONG, new byte[] {'1'})
                .hears(FIN | PONG, new byte[] {'2'})
                .hears("abcde"),
            WsCase.text("5.7", "RFC 6455, 5.4", "a pong between fragments")
                .says(TEXT, "frag")
                .says(FIN | PONG, "unasked")
                .says(FIN | CONTINUATION, "ment")
                .hears("fragment"),
            WsCase.text("5.8", "RFC 6455, 5.4", "an empty first fragment")
                .says(TEXT, "")
                .says(FIN | CONTINUATION, "text")
                .hears("text"),
            WsCase.text("5.9", "RFC 6455, 5.4", "an empty last fragment")
                .says(TEXT, "text")
                .says(FIN | CONTINUATION, "")
                .hears("text"),
            WsCase.text("5.10", "RFC 6455, 5.4", "empty fragments only")
                .says(TEXT, "")
                .says(CONTINUATION, "")
                .says(FIN | CONTINUATION, "")
                .hears(""),
            WsCase.text("5.11", "RFC 6455, 5.4", "a continuation of nothing, final")
                .says(FIN | CONTINUATION, "x")
                .breaks(1002),
            WsCase.text("5.12", "RFC 6455, 5.4", "a continuation of nothing, not final")
                .says(CONTINUATION, "x")
                .breaks(1002),
            WsCase.text("5.13", "RFC 6455, 5.4", "a continuation after a whole message")
                .says(FIN | TEXT, "whole")
                .says(FIN | CONTINUATION, "x")
                .hears("whole")
                .breaks(1002),
            WsCase.text("5.14", "RFC 6455, 5.4", "a continuation after a fragmented message")
                .says(TEXT, "frag")
                .says(FIN | CONTINUATION, "ment")
                .says(FIN | CONTINUATION, "x")
                .hears("fragment")
                .breaks(1002),
            WsCase.text("5.15", "RFC 6455, 5.4", "a new message inside of another")
                .says(TEXT, "frag")
                .says(FIN | TEXT, "new")
                .breaks(1002),
            WsCase.text("5.16", "RFC 6455, 5.4", "a new fragmented message inside of another")
                .says(TEXT, "frag")
                .says(BINARY, "new")
                .breaks(1002),
            WsCase.text("5.17", "RFC 6455, 5.4", "reserved bits in a continuation")
                .says(TEXT, "frag")
                .says(FIN | RSV1 | CONTINUATION, "ment")
                .breaks(1002)));
  }

  static Stream<Arguments> closing() {
    String longest = "r".repeat(123);
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("7.1.1", "RFC 6455, 5.5.1", "a message, then a close")
                .says(FIN | TEXT, "last")
                .saysClose(1000, "")
                .hears("last")
                .hearsClose(1000),
            WsCase.text("7.1.2", "RFC 6455, 5.5.1", "a close, and another")
                .saysClose(1000, "")
                .saysClose(1000, "")
                .hearsClose(1000),
            WsCase.text("7.1.3", "RFC 6455, 5.5.1", "a ping after the close")
                .saysClose(1000, "")
                .says(FIN | PING, "late")
                .hearsClose(1000),
            WsCase.text("7.1.4", "RFC 6455, 5.5.1", "text after the close")
                .saysClose(1000, "")
                .says(FIN | TEXT, "late")
                .hearsClose(1000),
            WsCase.text("7.1.5", "RFC 6455, 5.5.1", "a close inside of a message")
                .says(TEXT, "frag")
                .saysClose(1000, "")
                .says(FIN | CONTINUATION, "ment")
                .hearsClose(1000),
            WsCase.text("7.3.1", "RFC 6455, 5.5.1", "a close without a code")
                .says(FIN | CLOSE, "")
                .hearsClose(-1),
            WsCase.text("7.3.2", "RFC 6455, 5.5.1", "a close with half a code")
                .saysHex(FIN | CLOSE, "03")
                .breaks(1002),
            WsCase.text("7.3.3", "RFC 6455, 5.5.1", "a close with a code")
                .saysClose(1000, "")
                .hearsClose(1000),
            WsCase.text("7.3.4", "RFC 6455, 5.5.1", "a close with a reason")
                .saysClose(1000, "ok")
                .hearsClose(1000),
            WsCase.text("7.3.5", "RFC 6455, 5.5", "a close with the longest reason")
                .saysClose(1000, longest)
                .hearsClose(1000),
            WsCase.text("7.3.6", "RFC 6455, 5.5", "a close with a reason that is too long")
                .saysClose(1000, longest + "r")
                .breaks(1002),
            WsCase.text("7.5.1", "RFC 6455, 8.1", "a reason that is no UTF-8")
                .saysHex(FIN | CLOSE, "03e8 cebae1bdb9cf83cebcceb5eda080656469746564")
                .breaks(1007),
            WsCase.text("7.5.2", "RFC 6455, 5.5", "a close in two fragments")
                .saysHex(CLOSE, "03e8")
                .breaks(1002)));
  }

  static Stream<Arguments> codes() {
    List<WsCase> cases = new ArrayList<>();
    for (int code :
        new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
      cases.add(
          WsCase.text("7.7." + code, "RFC 6455, 7.4", "a code that may be sent")
              .saysClose(code, "")
              .hearsClose(code));
    }
    for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999}) {
      cases.add(
          WsCase.text("7.9." + code, "RFC 6455, 7.4", "a code that may not be sent")
              .saysClose(code, "")
              .breaks(1002));
    }
    return WsEchoes.everyManner(cases);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("fragments")
  void joinsFragmentsInOrder(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("closing")
  void closesInOrder(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("codes")
  void repeatsValidCodes(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }
}
