package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.WsCase.BINARY;
import static io.securestreams.reactor.testing.WsCase.CONTINUATION;
import static io.securestreams.reactor.testing.WsCase.TEXT;
import static io.securestreams.reactor.testing.WsPuppet.FIN;

import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.WsCase;
import io.securestreams.reactor.testing.WsEchoes;
import io.securestreams.reactor.testing.WsEchoes.Manner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Large messages, many messages, and limits; said to our client and to our server. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class WsLimitCasesIT {

  private static final TransportSettings LIMITS =
      new TransportSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          16 * 1024,
          1000,
          1500);

  private static final WsEchoes ROOMY = new WsEchoes(TransportSettings.DEFAULTS, "");
  private static final WsEchoes NARROW = new WsEchoes(LIMITS, "");

  @AfterAll
  static void close() throws IOException {
    ROOMY.close();
    NARROW.close();
  }

  static Stream<Arguments> large() {
    List<WsCase> cases = new ArrayList<>();
    for (int size : new int[] {64 << 10, 256 << 10, 1 << 20}) {
      String text = "\u00e9".repeat(size / 2);
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      cases.add(
          WsCase.text("9.1." + size, "RFC 6455, 5.2", "one frame of text")
              .says(FIN | TEXT, text)
              .hears(text));
      cases.add(
          WsCase.binary("9.2." + size, "RFC 6455, 5.2", "one frame of bytes")
              .says(FIN | BINARY, bytes)
              .hears(bytes));
    }
    for (int piece : new int[] {64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10}) {
      byte[] bytes = new byte[256 << 10];
      new Random(piece).nextBytes(bytes);
      WsCase cut = WsCase.binary("9.4." + piece, "RFC 6455, 5.4", "256 KiB in fragments");
      for (int at = 0; at < bytes.length; at += piece) {
        int flags = (at + piece == bytes.length ? FIN : 0) | (at == 0 ? BINARY : CONTINUATION);
        cut.says(flags, Arrays.copyOfRange(bytes, at, at + piece));
      }
      cases.add(cut.hears(bytes));
    }
    for (int size : new int[] {0, 16, 64, 256, 1024}) {
      byte[] bytes = new byte[size];
      WsCase many = WsCase.binary("9.7." + size, "RFC 6455, 5.2", "500 messages, one by one");
      for (int i = 0; i < 500; i++) {
        many.says(FIN | BINARY, bytes).hears(bytes);
      }
      cases.add(many);
      WsCase together = WsCase.binary("9.8." + size, "RFC 6455, 5.2", "500 messages, 50 at a time");
      for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 50; j++) {
          together.says(FIN | BINARY, bytes);
        }
        for (int j = 0; j < 50; j++) {
          together.hears(bytes);
        }
      }
      cases.add(together);
    }
    String long1 = "*".repeat(65536);
    WsCase uneven = WsCase.text("10.1", "RFC 6455, 5.4", "64 KiB in fragments of 1300 bytes");
    for (int at = 0; at < long1.length(); at += 1300) {
      boolean last = at + 1300 >= long1.length();
      uneven.says(
          (last ? FIN : 0) | (at == 0 ? TEXT : CONTINUATION),
          long1.substring(at, last ? long1.length() : at + 1300));
    }
    cases.add(uneven.hears(long1));
    return WsEchoes.inManners(cases, Manner.CLIENT, Manner.SERVER);
  }

  static Stream<Arguments> limits() {
    byte[] most = new byte[1000];
    byte[] half = new byte[500];
    return WsEchoes.everyManner(
        List.of(
            WsCase.binary("9.9.1", "RFC 6455, 10.4", "a frame of frameBytes")
                .says(FIN | BINARY, most)
                .hears(most),
            WsCase.binary("9.9.2", "RFC 6455, 10.4", "a frame of one more")
                .says(FIN | BINARY, new byte[1001])
                .breaks(1009, FailureKind.LIMIT),
            WsCase.binary("9.9.3", "RFC 6455, 10.4", "a frame that would never end")
                .announces(FIN | BINARY, Long.MAX_VALUE)
                .breaks(1009, FailureKind.LIMIT),
            WsCase.binary("9.9.4", "RFC 6455, 10.4", "a message of messageBytes")
                .says(BINARY, most)
                .says(FIN | CONTINUATION, half)
                .hears(new byte[1500]),
            WsCase.binary("9.9.5", "RFC 6455, 10.4", "a message of one more")
                .says(BINARY, most)
                .says(CONTINUATION, half)
                .says(CONTINUATION, new byte[1])
                .breaks(1009, FailureKind.LIMIT),
            WsCase.binary("9.9.6", "RFC 6455, 10.4", "messages are counted one by one")
                .says(BINARY, most)
                .says(FIN | CONTINUATION, half)
                .hears(new byte[1500])
                .says(BINARY, most)
                .says(FIN | CONTINUATION, half)
                .hears(new byte[1500])));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("large")
  void carriesMuch(Manner manner, WsCase tried) throws Exception {
    ROOMY.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("limits")
  void keepsItsLimits(Manner manner, WsCase tried) throws Exception {
    NARROW.run(manner, tried);
  }
}
