package io.securestreams.reactor.transport.ws;

import static io.securestreams.reactor.testing.WsCase.BINARY;
import static io.securestreams.reactor.testing.WsCase.CLOSE;
import static io.securestreams.reactor.testing.WsCase.CONTINUATION;
import static io.securestreams.reactor.testing.WsCase.PING;
import static io.securestreams.reactor.testing.WsCase.PONG;
import static io.securestreams.reactor.testing.WsCase.TEXT;
import static io.securestreams.reactor.testing.WsPuppet.FIN;
import static io.securestreams.reactor.testing.WsPuppet.RSV1;

import io.securestreams.core.error.FailureKind;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.WsCase;
import io.securestreams.reactor.testing.WsEchoes;
import io.securestreams.reactor.testing.WsEchoes.Manner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compressed messages, said to our client and to our server. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class WsCompressionCasesIT {

  private static final TransportSettings COMPRESSING =
      TransportSettings.DEFAULTS.withWebSocketCompression(true);

  private static final TransportSettings NARROW =
      new TransportSettings(
              Duration.ofSeconds(20),
              Duration.ofSeconds(15),
              Duration.ofSeconds(30),
              Duration.ofSeconds(4),
              16 * 1024,
              64 * 1024,
              100_000)
          .withWebSocketCompression(true);

  private static final String AGREED = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  private static final String FORGETTING =
      "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
          + " client_no_context_takeover\r\n";

  private static final WsEchoes KEEPING = new WsEchoes(COMPRESSING, AGREED);
  private static final WsEchoes FORGETFUL = new WsEchoes(COMPRESSING, FORGETTING);
  private static final WsEchoes LIMITED = new WsEchoes(NARROW, AGREED);
  private static final WsEchoes UNCOMPRESSED = new WsEchoes(COMPRESSING, "");

  @AfterAll
  static void close() throws IOException {
    KEEPING.close();
    FORGETFUL.close();
    LIMITED.close();
    UNCOMPRESSED.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Compresses messages as one end of a WebSocket does. */
  private static final class Packer {

    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);

    byte[] pack(byte[] message) {
      deflater.setInput(message);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] part = new byte[1 << 16];
      int more;
      do {
        more = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
        all.write(part, 0, more);
      } while (more == part.length);
      return Arrays.copyOf(all.toByteArray(), Math.max(0, all.size() - 4));
    }

    static byte[] once(byte[] message) {
      Packer packer = new Packer();
      byte[] packed = packer.pack(message);
      packer.deflater.end();
      return packed;
    }
  }

  static Stream<Arguments> examples() {
    byte[] hello = utf8("Hello");
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("12.1.1", "RFC 7692, 7.2.3.1", "one compressed block")
                .saysHex(FIN | RSV1 | TEXT, "f248cdc9c90700")
                .hearsCompressed(hello),
            WsCase.text("12.1.2", "RFC 7692, 7.2.3.1", "the same in two fragments")
                .saysHex(RSV1 | TEXT, "f248cd")
                .saysHex(FIN | CONTINUATION, "c9c90700")
                .hearsCompressed(hello),
            WsCase.text("12.1.3", "RFC 7692, 7.2.3.2", "a reference to the message before")
                .saysHex(FIN | RSV1 | TEXT, "f248cdc9c90700")
                .saysHex(FIN | RSV1 | TEXT, "f200110000")
                .hearsCompressed(hello)
                .hearsCompressed(hello),
            WsCase.text("12.1.4", "RFC 7692, 7.2.3.3", "a block without compression")
                .saysHex(FIN | RSV1 | TEXT, "000500faff48656c6c6f00")
                .hearsCompressed(hello),
            WsCase.text("12.1.5", "RFC 7692, 7.2.3.4", "a final block")
                .saysHex(FIN | RSV1 | TEXT, "f348cdc9c9070000")
                .hearsCompressed(hello),
            WsCase.text("12.1.6", "RFC 7692, 7.2.3.4", "a message after a final block")
                .saysHex(FIN | RSV1 | TEXT, "f348cdc9c9070000")
                .saysHex(FIN | RSV1 | TEXT, "f248cdc9c90700")
                .hearsCompressed(hello)
                .hearsCompressed(hello),
            WsCase.text("12.1.7", "RFC 7692, 7.2.3.5", "two blocks in one message")
                .saysHex(FIN | RSV1 | TEXT, "f248050000 00ffffcac9c90700")
                .hearsCompressed(hello),
            WsCase.text("12.1.8", "RFC 7692, 7.2.3.6", "an empty message")
                .saysHex(FIN | RSV1 | TEXT, "00")
                .hearsCompressed(utf8("")),
            WsCase.text("12.1.9", "RFC 7692, 6", "a message that is not compressed")
                .says(FIN | TEXT, "Hello")
                .hearsCompressed(hello),
            WsCase.text("12.1.10", "RFC 7692, 6", "a ping between compressed fragments")
                .saysHex(RSV1 | TEXT, "f248cd")
                .says(FIN | PING, "p")
                .saysHex(FIN | CONTINUATION, "c9c90700")
                .hears(FIN | PONG, utf8("p"))
                .hearsCompressed(hello)));
  }

  static Stream<Arguments> offences() {
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("12.2.1", "RFC 7692, 6.1", "the bit in a continuation")
                .saysHex(RSV1 | TEXT, "f248cd")
                .saysHex(FIN | RSV1 | CONTINUATION, "c9c90700")
                .breaks(1002),
            WsCase.text("12.2.2", "RFC 7692, 6.1", "the bit in a ping")
                .says(FIN | RSV1 | PING, "")
                .breaks(1002),
            WsCase.text("12.2.3", "RFC 7692, 6.1", "the bit in a close")
                .says(FIN | RSV1 | CLOSE, "")
                .breaks(1002),
            WsCase.text("12.2.4", "RFC 6455, 5.2", "another reserved bit")
                .says(FIN | 0x20 | TEXT, "")
                .breaks(1002),
            WsCase.text("12.2.5", "RFC 6455, 5.2", "another reserved bit beside it")
                .says(FIN | RSV1 | 0x10 | TEXT, "")
                .breaks(1002),
            WsCase.text("12.2.6", "RFC 7692, 7.2.2", "no deflated data")
                .saysHex(FIN | RSV1 | TEXT, "ffffffff")
                .breaks(1007),
            WsCase.text("12.2.7", "RFC 7692, 7.2.2", "a reference to what never was")
                .saysHex(FIN | RSV1 | TEXT, "f200110000")
                .breaks(1007),
            WsCase.text("12.2.8", "RFC 6455, 8.1", "text that expands to no UTF-8")
                .says(FIN | RSV1 | TEXT, Packer.once(new byte[] {'a', (byte) 0xFF}))
                .breaks(1007)));
  }

  static Stream<Arguments> sizes() {
    List<WsCase> cases = new ArrayList<>();
    for (int size : new int[] {0, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072}) {
      byte[] dull = new byte[size];
      byte[] random = new byte[size];
      new Random(size).nextBytes(random);
      Packer packer = new Packer();
      WsCase dullMany = WsCase.binary("12.3." + size, "RFC 7692, 7.2", "ten dull messages");
      WsCase randomMany = WsCase.binary("12.4." + size, "RFC 7692, 7.2", "ten random messages");
      for (int i = 0; i < 10 && size > 0; i++) {
        dullMany.says(FIN | RSV1 | BINARY, packer.pack(dull)).hearsCompressed(dull);
      }
      Packer other = new Packer();
      for (int i = 0; i < 10 && size > 0; i++) {
        randomMany.says(FIN | RSV1 | BINARY, other.pack(random)).hearsCompressed(random);
      }
      cases.add(dullMany);
      cases.add(randomMany);
    }
    return WsEchoes.inManners(cases, Manner.CLIENT, Manner.SERVER);
  }

  static Stream<Arguments> forgetting() {
    byte[] text = utf8("the same text, again and again");
    WsCase same = WsCase.text("13.1", "RFC 7692, 7.1.1", "five messages without context");
    for (int i = 0; i < 5; i++) {
      same.says(FIN | RSV1 | TEXT, Packer.once(text)).hears(FIN | RSV1 | TEXT, Packer.once(text));
    }
    return WsEchoes.everyManner(
        List.of(
            same,
            WsCase.text("13.2", "RFC 7692, 7.1.1", "a reference to the message before")
                .saysHex(FIN | RSV1 | TEXT, "f248cdc9c90700")
                .saysHex(FIN | RSV1 | TEXT, "f200110000")
                .hearsCompressed(utf8("Hello"))
                .breaks(1007)));
  }

  static Stream<Arguments> bombs() {
    byte[] most = new byte[100_000];
    byte[] bomb = Packer.once(new byte[50_000_000]);
    return WsEchoes.inManners(
        List.of(
            WsCase.binary("12.5.1", "RFC 7692, 10", "a message that expands to messageBytes")
                .says(FIN | RSV1 | BINARY, Packer.once(most))
                .hearsCompressed(most),
            WsCase.binary("12.5.2", "RFC 7692, 10", "a message that expands to one more")
                .says(FIN | RSV1 | BINARY, Packer.once(new byte[100_001]))
                .breaks(1009, FailureKind.LIMIT),
            WsCase.binary("12.5.3", "RFC 7692, 10", "a message that expands to 50 MB")
                .says(FIN | RSV1 | BINARY, bomb)
                .breaks(1009, FailureKind.LIMIT),
            WsCase.binary("12.5.4", "RFC 7692, 10", "the same in two fragments")
                .says(RSV1 | BINARY, Arrays.copyOf(bomb, 20))
                .says(CONTINUATION, Arrays.copyOfRange(bomb, 20, bomb.length))
                .breaks(1009, FailureKind.LIMIT)),
        Manner.CLIENT,
        Manner.SERVER);
  }

  static Stream<Arguments> declined() {
    return WsEchoes.everyManner(
        List.of(
            WsCase.text("12.6.1", "RFC 7692, 5", "a peer that does not compress")
                .says(FIN | TEXT, "plain")
                .hears("plain"),
            WsCase.text("12.6.2", "RFC 6455, 5.2", "the bit, although it was not agreed on")
                .saysHex(FIN | RSV1 | TEXT, "f248cdc9c90700")
                .breaks(1002)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("examples")
  void carriesTheExamplesOfTheStandard(Manner manner, WsCase tried) throws Exception {
    KEEPING.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("offences")
  void refusesWhatWasNotAgreedOn(Manner manner, WsCase tried) throws Exception {
    KEEPING.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("sizes")
  void carriesMessagesOfEverySize(Manner manner, WsCase tried) throws Exception {
    KEEPING.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forgetting")
  void forgetsEachMessageIfThatWasAgreedOn(Manner manner, WsCase tried) throws Exception {
    FORGETFUL.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("bombs")
  void expandsUpToItsLimitOnly(Manner manner, WsCase tried) throws Exception {
    LIMITED.run(manner, tried);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("declined")
  void speaksPlainlyWithAPeerThatDoesNotCompress(Manner manner, WsCase tried) throws Exception {
    UNCOMPRESSED.run(manner, tried);
  }
}
