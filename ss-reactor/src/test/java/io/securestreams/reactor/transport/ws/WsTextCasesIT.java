package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.WsCase.BINARY;
import static io.securestreams.reactor.testing.WsCase.CONTINUATION;
import static io.securestreams.reactor.testing.WsCase.PING;
import static io.securestreams.reactor.testing.WsCase.PONG;
import static io.securestreams.reactor.testing.WsCase.TEXT;
import static io.securestreams.reactor.testing.WsPuppet.FIN;

import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.WsCase;
import io.securestreams.reactor.testing.WsEchoes;
import io.securestreams.reactor.testing.WsEchoes.Manner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that is, and that is not, UTF-8; said to our client and to our server. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class WsTextCasesIT {

  private static final WsEchoes ENDPOINTS = new WsEchoes(TransportSettings.DEFAULTS, "");

  @AfterAll
  static void close() throws IOException {
    ENDPOINTS.close();
  }

  /** Source of most: Markus Kuhn, UTF-8 decoder capability and stress test. */
  private static final String[][] GOOD = {
    {"1 greek", "cebae1bdb9cf83cebcceb5"},
    {"2 mixed", "48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d3821"},
    {"3 first of one byte", "00"},
    {"4 first of two", "c280"},
    {"5 first of three", "e0a080"},
    {"6 first of four", "f0908080"},
    {"7 last of one byte", "7f"},
    {"8 last of two", "dfbf"},
    {"9 last of three", "efbfbf"},
    {"10 last of four", "f48fbfbf"},
    {"11 last before surrogates", "ed9fbf"},
    {"12 first after surrogates", "ee8080"},
    {"13 replacement", "efbfbd"},
    {"14 no character, U+FFFE", "efbfbe"},
    {"15 no character, U+1FFFE", "f09fbfbe"},
    {"16 no character, U+10FFFF", "f48fbfbf"},
    {"17 emoji", "f09f9880"},
  };

  private static final String[][] BAD = {
    {"1 a surrogate amid text", "cebae1bdb9cf83cebcceb5eda080656469746564"},
    {"2 beyond the last", "f4908080"},
    {"3 five bytes", "f888808080"},
    {"4 six bytes", "fc8480808080"},
    {"5 first continuation alone", "80"},
    {"6 last continuation alone", "bf"},
    {"7 six continuations", "80bf80bf80bf"},
    {"8 lead of two, then a blank", "c020"},
    {"9 lead of three, then a blank", "e020"},
    {"10 lead of four, then a blank", "f020"},
    {"11 two without their last", "c3"},
    {"12 three without their last", "e0a0"},
    {"13 four without their last", "f09080"},
    {"14 lead bytes in a row", "c3e0a0f09080"},
    {"15 never: fe", "fe"},
    {"16 never: ff", "ff"},
    {"17 never, in a row", "fefeffff"},
    {"18 overlong slash of two", "c0af"},
    {"19 overlong slash of three", "e080af"},
    {"20 overlong slash of four", "f08080af"},
    {"21 highest overlong of two", "c1bf"},
    {"22 highest overlong of three", "e09fbf"},
    {"23 highest overlong of four", "f08fbfbf"},
    {"24 overlong zero", "c080"},
    {"25 surrogate d800", "eda080"},
    {"26 surrogate db7f", "edadbf"},
    {"27 surrogate dc00", "edb080"},
    {"28 surrogate dfff", "edbfbf"},
    {"29 a pair of surrogates", "eda080edb080"},
  };

  static Stream<Arguments> good() {
    List<WsCase> cases = new ArrayList<>();
    for (String[] text : GOOD) {
      byte[] bytes = HexFormat.of().parseHex(text[1]);
      cases.add(
          WsCase.text("6.2." + text[0], "RFC 6455, 8.1", "whole")
              .says(FIN | TEXT, bytes)
              .hears(bytes));
      WsCase cut = WsCase.text("6.3." + text[0], "RFC 6455, 8.1", "a fragment for each byte");
      for (int i = 0; i < bytes.length; i++) {
        cut.says(
            (i == bytes.length - 1 ? FIN : 0) | (i == 0 ? TEXT : CONTINUATION),
            new byte[] {bytes[i]});
      }
      cases.add(cut.hears(bytes));
    }
    return WsEchoes.inManners(cases, Manner.CLIENT, Manner.SERVER);
  }

  static Stream<Arguments> bad() {
    List<WsCase> cases = new ArrayList<>();
    for (String[] text : BAD) {
      byte[] bytes = HexFormat.of().parseHex(text[1]);
      cases.add(
          WsCase.text("6.6." + text[0], "RFC 6455, 8.1", "whole")
              .says(FIN | TEXT, bytes)
              .breaks(1007));
      WsCase cut = WsCase.text("6.7." + text[0], "RFC 6455, 8.1", "a fragment for each byte");
      for (int i = 0; i < bytes.length; i++) {
        cut.says(
            (i == bytes.length - 1 ? FIN : 0) | (i == 0 ? TEXT : CONTINUATION),
            new byte[] {bytes[i]});
      }
      cases.add(cut.breaks(1007));
    }
    return WsEchoes.inManners(cases, Manner.CLIENT, Manner.SERVER);
  }

  static Stream<Arguments> early() {
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("6.4.1", "RFC 6455, 8.1", "refused before the message ends")
                .saysHex(TEXT, "cebae1bdb9cf83cebcceb5f4908080")
                .breaks(1007),
            WsCase.text("6.4.2", "RFC 6455, 8.1", "refused where it cannot become text any more")
                .saysHex(TEXT, "cebae1bdb9cf83cebcceb5f4")
                .saysHex(CONTINUATION, "90")
                .breaks(1007),
            WsCase.text("6.4.3", "RFC 6455, 8.1", "refused with a ping between")
                .saysHex(TEXT, "e2")
                .says(FIN | PING, "")
                .saysHex(CONTINUATION, "41")
                .hears(FIN | PONG, new byte[0])
                .breaks(1007),
            WsCase.binary("6.4.4", "RFC 6455, 5.6", "bytes are not looked at")
                .saysHex(FIN | BINARY, "eda080ff")
                .hears(HexFormat.of().parseHex("eda080ff"))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("good")
  void carriesText(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("bad")
  void refusesWhatIsNoText(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("early")
  void refusesItAsSoonAsCanBe(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }
}
