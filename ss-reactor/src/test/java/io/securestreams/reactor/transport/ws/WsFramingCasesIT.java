package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.WsCase.BINARY;
import static io.securestreams.reactor.testing.WsCase.CLOSE;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames, pings, reserved bits and opcodes, said to our client and to our server. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class WsFramingCasesIT {

  private static final WsEchoes ENDPOINTS = new WsEchoes(TransportSettings.DEFAULTS, "");

  @AfterAll
  static void close() throws IOException {
    ENDPOINTS.close();
  }

  static Stream<Arguments> sizes() {
    List<WsCase> cases = new ArrayList<>();
    for (int size : new int[] {0, 1, 125, 126, 127, 128, 65535, 65536}) {
      String text = "*".repeat(size);
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      cases.add(
          WsCase.text("1.1." + size, "RFC 6455, 5.2", "text of that size")
              .says(FIN | TEXT, text)
              .hears(text));
      cases.add(
          WsCase.binary("1.2." + size, "RFC 6455, 5.2", "bytes of that number")
              .says(FIN | BINARY, bytes)
              .hears(bytes));
    }
    return WsEchoes.inManners(cases, Manner.CLIENT, Manner.SERVER);
  }

  static Stream<Arguments> lengths() {
    byte[] few = new byte[5];
    return WsEchoes.everyManner(
        List.of(
            WsCase.binary("1.3.1", "RFC 6455, 5.2", "16 bits for a length of 5")
                .saysLong(FIN | BINARY, few, 2)
                .breaks(1002),
            WsCase.binary("1.3.2", "RFC 6455, 5.2", "64 bits for a length of 5")
                .saysLong(FIN | BINARY, few, 8)
                .breaks(1002),
            WsCase.binary("1.3.3", "RFC 6455, 5.2", "64 bits for a length of 300")
                .saysLong(FIN | BINARY, new byte[300], 8)
                .breaks(1002),
            WsCase.binary("1.3.4", "RFC 6455, 5.2", "a length with the highest bit set")
                .announces(FIN | BINARY, Long.MIN_VALUE)
                .breaks(1002)));
  }

  /** Every case breaks the rule, whoever is tried: it is masked wrongly for both. */
  static Stream<Arguments> masks() {
    byte[] few = {1, 2, 3};
    return Stream.concat(
        WsEchoes.inManners(
            List.of(
                WsCase.binary("1.4.1", "RFC 6455, 5.1", "a server that masks")
                    .saysMasked(FIN | BINARY, few, true)
                    .breaks(1002),
                WsCase.binary("1.4.2", "RFC 6455, 5.1", "a server that masks a ping")
                    .saysMasked(FIN | PING, few, true)
                    .breaks(1002)),
            Manner.CLIENT,
            Manner.CLIENT_CHOPPED),
        WsEchoes.inManners(
            List.of(
                WsCase.binary("1.4.3", "RFC 6455, 5.1", "a client that does not mask")
                    .saysMasked(FIN | BINARY, few, false)
                    .breaks(1002),
                WsCase.binary("1.4.4", "RFC 6455, 5.1", "a client that does not mask a close")
                    .saysMasked(FIN | CLOSE, new byte[0], false)
                    .breaks(1002)),
            Manner.SERVER,
            Manner.SERVER_CHOPPED));
  }

  static Stream<Arguments> pings() {
    byte[] longest = new byte[125];
    byte[] bytes = {0, (byte) 0xFF, (byte) 0xFE, (byte) 0xFD};
    WsCase ten = WsCase.text("2.10", "RFC 6455, 5.5.2", "ten pings, answered in order");
    for (int i = 0; i < 10; i++) {
      ten.says(FIN | PING, "ping " + i)
          .hears(FIN | PONG, ("ping " + i).getBytes(StandardCharsets.UTF_8));
    }
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("2.1", "RFC 6455, 5.5.2", "an empty ping")
                .says(FIN | PING, "")
                .hears(FIN | PONG, new byte[0]),
            WsCase.text("2.2", "RFC 6455, 5.5.3", "a ping of text")
                .says(FIN | PING, "hello")
                .hears(FIN | PONG, "hello".getBytes(StandardCharsets.UTF_8)),
            WsCase.text("2.3", "RFC 6455, 5.5.3", "a ping of bytes that are no text")
                .says(FIN | PING, bytes)
                .hears(FIN | PONG, bytes),
            WsCase.text("2.4", "RFC 6455, 5.5", "a ping of 125 bytes")
                .says(FIN | PING, longest)
                .hears(FIN | PONG, longest),
            WsCase.text("2.5", "RFC 6455, 5.5", "a ping of 126 bytes")
                .says(FIN | PING, new byte[126])
                .breaks(1002),
            WsCase.text("2.6", "RFC 6455, 5.5.2", "a ping, and text behind it")
                .says(FIN | PING, "p")
                .says(FIN | TEXT, "text")
                .hears(FIN | PONG, new byte[] {'p'})
                .hears("text"),
            WsCase.text("2.7", "RFC 6455, 5.5.3", "an unasked pong, empty").says(FIN | PONG, ""),
            WsCase.text("2.8", "RFC 6455, 5.5.3", "an unasked pong").says(FIN | PONG, "unasked"),
            WsCase.text("2.9", "RFC 6455, 5.5.3", "an unasked pong, then a ping")
                .says(FIN | PONG, "unasked")
                .says(FIN | PING, "asked")
                .hears(FIN | PONG, "asked".getBytes(StandardCharsets.UTF_8)),
            ten,
            WsCase.text("2.11", "RFC 6455, 5.5", "a pong of 126 bytes")
                .says(FIN | PONG, new byte[126])
                .breaks(1002)));
  }

  static Stream<Arguments> reservedBits() {
    List<WsCase> cases = new ArrayList<>();
    for (int rsv = 1; rsv < 8; rsv++) {
      int bits = rsv << 4;
      String id = "3." + rsv + ".";
      cases.add(
          WsCase.text(id + "1", "RFC 6455, 5.2", "reserved bits in text")
              .says(FIN | bits | TEXT, "x")
              .breaks(1002));
      cases.add(
          WsCase.text(id + "2", "RFC 6455, 5.2", "reserved bits after a good message")
              .says(FIN | TEXT, "good")
              .says(FIN | bits | BINARY, "x")
              .hears("good")
              .breaks(1002));
      cases.add(
          WsCase.text(id + "3", "RFC 6455, 5.2", "reserved bits in a ping")
              .says(FIN | bits | PING, "x")
              .breaks(1002));
      cases.add(
          WsCase.text(id + "4", "RFC 6455, 5.2", "reserved bits in a close")
              .says(FIN | bits | CLOSE, "")
              .breaks(1002));
    }
    return WsEchoes.everyManner(cases);
  }

  static Stream<Arguments> opcodes() {
    List<WsCase> cases = new ArrayList<>();
    for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
      String id = "4." + opcode + ".";
      cases.add(
          WsCase.text(id + "1", "RFC 6455, 5.2", "a reserved opcode")
              .says(FIN | opcode, "")
              .breaks(1002));
      cases.add(
          WsCase.text(id + "2", "RFC 6455, 5.2", "a reserved opcode with content")
              .says(FIN | opcode, "content")
              .breaks(1002));
      cases.add(
          WsCase.text(id + "3", "RFC 6455, 5.2", "a reserved opcode after a good message")
              .says(FIN | TEXT, "good")
              .says(FIN | opcode, "")
              .says(FIN | PING, "")
              .hears("good")
              .breaks(1002));
    }
    return WsEchoes.everyManner(cases);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("sizes")
  void carriesMessagesOfEverySize(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("lengths")
  void wantsTheShortestLength(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("masks")
  void wantsWhatIsMaskedAsItMust(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("pings")
  void answersPings(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("reservedBits")
  void refusesReservedBits(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("opcodes")
  void refusesReservedOpcodes(Manner manner, WsCase tried) throws Exception {
    ENDPOINTS.run(manner, tried);
  }
}
