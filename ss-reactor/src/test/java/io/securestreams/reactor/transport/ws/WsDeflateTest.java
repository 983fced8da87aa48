package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.securestreams.core.event.Payload;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compressed messages. Source: RFC 7692, section 7.2. */
class WsDeflateTest {

  private static final int LIMIT = 1 << 22;

  private final WsDeflater deflater = new WsDeflater(true);
  private final WsInflater inflater = new WsInflater(true);
  private final WsDeflater forgetful = new WsDeflater(false);
  private final WsInflater forgetting = new WsInflater(false);

  @AfterEach
  void end() {
    deflater.end();
    inflater.end();
    forgetful.end();
    forgetting.end();
  }

  /** The examples of section 7.2.3. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "one block, f248cdc9c90700, Hello",
    "no compression, 000500faff48656c6c6f00, Hello",
    "a final block, f348cdc9c9070000, Hello",
    "two blocks, f248050000 00ffffcac9c90700, Hello",
    "an empty block, 00, ''",
  })
  void expandsTheExamplesOfTheStandard(String what, String hex, String text)
      throws DataFormatException {
    assertThat(inflate(inflater, hex, true).utf8()).as(what).isEqualTo(text);
  }

  @Test
  void expandsTheFragmentsOfTheStandard() throws DataFormatException {
    assertThat(inflate(inflater, "f248cd", false).utf8()).isEqualTo("He");
    assertThat(inflate(inflater, "c9c90700", true).utf8()).isEqualTo("llo");
  }

  @Test
  void expandsWhatRefersToTheMessageBefore() throws DataFormatException {
    assertThat(inflate(inflater, "f248cdc9c90700", true).utf8()).isEqualTo("Hello");
    assertThat(inflate(inflater, "f200110000", true).utf8()).isEqualTo("Hello");
  }

  @Test
  void compressesAsTheStandardShowsIt() {
    assertThat(deflate(deflater, "Hello", true)).isEqualTo("f248cdc9c90700");
    assertThat(deflate(deflater, "Hello", true)).isEqualTo("f200110000");
    assertThat(deflate(forgetful, "Hello", true)).isEqualTo("f248cdc9c90700");
    assertThat(deflate(forgetful, "Hello", true)).isEqualTo("f248cdc9c90700");
  }

  @Test
  void forgetsItsContextIfThatWasAgreed() throws DataFormatException {
    assertThat(inflate(forgetting, "f248cdc9c90700", true).utf8()).isEqualTo("Hello");
    assertThatThrownBy(() -> inflate(forgetting, "f200110000", true))
        .isInstanceOf(DataFormatException.class);
  }

  @ParameterizedTest(name = "{0} bytes in {1} pieces")
  @CsvSource({"0,1", "1,1", "10,3", "64,1", "127,2", "300,4", "5000,5", "70000,3", "1000000,7"})
  void comesBackAsItWas(int size, int pieces) throws DataFormatException {
    for (boolean dull : new boolean[] {true, false}) {
      byte[] bytes = new byte[size];
      if (dull) {
        Arrays.fill(bytes, (byte) 'x');
      } else {
        new Random(7).nextBytes(bytes);
      }
      Payload all = Payload.wrap(bytes);
      ByteBuf back = Unpooled.buffer();
      for (int i = 0; i < pieces; i++) {
        Payload piece =
            all.slice((int) ((long) size * i / pieces), (int) ((long) size * (i + 1) / pieces));
        ByteBuf sent = deflater.deflate(UnpooledByteBufAllocator.DEFAULT, piece, i == pieces - 1);
        back.writeBytes(inflater.inflate(sent, i == pieces - 1, LIMIT).bytes());
        sent.release();
      }
      assertThat(ByteBufUtil.getBytes(back)).isEqualTo(bytes);
      back.release();
    }
  }

  @Test
  void sendsEmptyPiecesToo() throws DataFormatException {
    String none = deflate(deflater, "", false);
    String end = deflate(deflater, "", true);

    assertThat(inflate(inflater, none, false).size()).isZero();
    assertThat(inflate(inflater, end, true).size()).isZero();
    assertThat(inflate(inflater, deflate(deflater, "after", true), true).utf8()).isEqualTo("after");
  }

  @Test
  void stopsOneByteBeyondTheLimit() throws DataFormatException {
    ByteBuf bomb =
        deflater.deflate(
            UnpooledByteBufAllocator.DEFAULT, Payload.wrap(new byte[10_000_000]), true);
    assertThat(bomb.readableBytes()).isLessThan(20_000);

    assertThat(inflater.inflate(bomb, true, 1000).size()).isEqualTo(1001);
    bomb.release();
  }

  @Test
  void refusesWhatIsNoDeflatedData() {
    assertThatThrownBy(() -> inflate(inflater, "ffffffff", true))
        .isInstanceOf(DataFormatException.class);
  }

  private static Payload inflate(WsInflater by, String hex, boolean last)
      throws DataFormatException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return by.inflate(Unpooled.wrappedBuffer(bytes), last, LIMIT);
  }

  private static String deflate(WsDeflater by, String text, boolean last) {
    ByteBuf content = by.deflate(UnpooledByteBufAllocator.DEFAULT, Payload.utf8(text), last);
    String hex = ByteBufUtil.hexDump(content);
    content.release();
    return hex;
  }
}
