package io.securestreams.core.multipart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MultipartSplitterTest {

  private static final String BODY =
      "--BND\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n"
          + "--BND\r\nContent-Type: audio/mpeg\r\n\r\nAUDIO\r\n--BND--\r\n";

  private static final List<String> TWO_PARTS =
      List.of(
          "[RELATED_START]",
          "[SOM]Content-Type: application/json\r\n\r\n{\"a\":1}[EOM]",
          "[SOM]Content-Type: audio/mpeg\r\n\r\nAUDIO[EOM|RELATED_END]",
          "complete");

  @Test
  void givesEachPartAsAMessage() {
    assertThat(split(BODY)).isEqualTo(TWO_PARTS);
    assertThat(TWO_PARTS.get(1)).hasSize(41 + "[SOM][EOM]".length());
    assertThat(TWO_PARTS.get(2)).hasSize(33 + "[SOM][EOM|RELATED_END]".length());
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("bodies")
  void givesTheSameHoweverTheBodyIsCut(String body) {
    List<String> whole = split(body);

    for (int first = 0; first <= body.length(); first++) {
      assertThat(split(body.substring(0, first), body.substring(first)))
          .as("cut at " + first)
          .isEqualTo(whole);
      for (int second = first; second <= body.length(); second++) {
        assertThat(
                split(
                    body.substring(0, first),
                    body.substring(first, second),
                    body.substring(second)))
            .as("cut at " + first + " and " + second)
            .isEqualTo(whole);
      }
    }
    assertThat(split(body.split(""))).as("byte by byte").isEqualTo(whole);
  }

  static List<String> bodies() {
    return List.of(
        BODY,
        "preamble\r\n" + BODY + "epilogue\r\n--BND\r\nnothing\r\n--BND--",
        "--BND \t \r\na\r\n--BND\t--\r\nb\r\n--BND--",
        "--BND\r\n\r\n--BND\r\n--BND\r\nx\r\n--BND--",
        "--BND\r\n\r\r\n\r\n--BN\r\n--BNDX\r\n--BND-\r\n-\r\n--BND--",
        "--BND\r\ncut off",
        "--BND\r\ncut off\r\n--BND",
        "--BND\r\ncut off\r\n--BND-",
        "--BND\r\n",
        "--BND--",
        "no delimiter at all",
        "");
  }

  @ParameterizedTest(name = "[{index}]")
  @CsvSource(
      delimiter = '|',
      value = {
        "--BND\\ncut off\\n--BND | [SOM]cut off\\n--BND[EOM]",
        "--BND\\ncut off\\n--BND- | [SOM]cut off\\n--BND-[EOM]",
        "--BND\\ncut off | [SOM]cut off[EOM]",
        "--BND\\n | [SOM][EOM]",
      })
  void endsTheOpenPartOfABodyThatIsCutOff(String body, String part) {
    assertThat(split(lines(body))).containsExactly("[RELATED_START]", lines(part), "cut off");
  }

  @Test
  void takesBlanksBehindABoundaryForPadding() {
    assertThat(split("--BND \t\r\na\r\n--BND--"))
        .containsExactly("[RELATED_START]", "[SOM]a[EOM|RELATED_END]", "complete");
    assertThat(split("--BND\r\na\r\n--BND" + " ".repeat(300) + "\r\n--BND--"))
        .containsExactly(
            "[RELATED_START]",
            "[SOM]a\r\n--BND" + " ".repeat(300) + "[EOM|RELATED_END]",
            "complete");
  }

  @Test
  void closesABodyWithoutParts() {
    assertThat(split("--BND--\r\n"))
        .containsExactly("[RELATED_START]", "[RELATED_END]", "complete");
    assertThat(split("")).containsExactly("[RELATED_START]", "cut off");
  }

  @Test
  void keepsNoMoreThanADelimiter() {
    MultipartSplitter splitter = new MultipartSplitter("BND");
    splitter.offer(payload("--BND\r\n"));
    while (splitter.next().isPresent()) {
      // RELATED_START
    }
    long given = 0;
    for (int i = 0; i < 100; i++) {
      splitter.offer(payload("x".repeat(1000)));
      given += splitter.next().map(MultipartSplitter.Piece::payload).map(Payload::size).orElse(0);
      assertThat(splitter.next()).isEmpty();
    }
    assertThat(given).isEqualTo(100_000);
  }

  @Test
  void survivesAnyCutOfAnyBytes() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder body = new StringBuilder();
      String[] words = {"\r\n", "--", "BND", "\r", "\n", "-", " ", "x", "\r\n--BND", "--BND\r\n"};
      for (int i = random.nextInt(40); i > 0; i--) {
        body.append(words[random.nextInt(words.length)]);
      }
      List<String> pieces = new ArrayList<>();
      for (int at = 0; at < body.length(); ) {
        int end = Math.min(body.length(), at + 1 + random.nextInt(6));
        pieces.add(body.substring(at, end));
        at = end;
      }
      assertThat(split(pieces.toArray(String[]::new)))
          .as("seed " + seed)
          .isEqualTo(split(body.toString()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "multipart/form-data; boundary=abc | abc",
        "multipart/related;boundary=\"a;b=c\" | a;b=c",
        "Multipart/X-Mixed; charset=utf-8 ; BOUNDARY = \"a\\\"b\" | a\"b",
        "multipart/related; type=\"a; boundary=no\"; boundary=yes | yes",
        "multipart/mixed | -",
        "multipart/mixed; boundary= | -",
        "multipart/mixed; boundary=\"open | -",
        "multipart/mixed; boundary=\"blank \" | -",
        "text/plain; boundary=abc | -",
      })
  void readsTheBoundary(String contentType, String boundary) {
    assertThat(MultipartBoundary.of(contentType).orElse(null)).isEqualTo(boundary);
  }

  @Test
  void readsBoundariesOfUpToSeventyCharacters() {
    String longest = "b".repeat(70);

    assertThat(MultipartBoundary.of("multipart/mixed; boundary=" + longest)).contains(longest);
    assertThat(MultipartBoundary.of("multipart/mixed; boundary=b" + longest)).isEmpty();
  }

  private static String lines(String text) {
    return text.replace("\\n", "\r\n");
  }

  private static Payload payload(String text) {
    return Payload.of(text.getBytes(ISO_8859_1));
  }

  /** Messages as text, with the flags of their begin and end, and how the body came to its end. */
  private static List<String> split(String... pieces) {
    MultipartSplitter splitter = new MultipartSplitter("BND");
    List<String> messages = new ArrayList<>();
    StringBuilder message = new StringBuilder();
    for (String piece : pieces) {
      take(splitter, messages, message);
      splitter.offer(payload(piece));
    }
    take(splitter, messages, message);
    splitter.end();
    take(splitter, messages, message);
    assertThat(message).isEmpty();
    messages.add(splitter.isComplete() ? "complete" : "cut off");
    return messages;
  }

  private static void take(
      MultipartSplitter splitter, List<String> messages, StringBuilder message) {
    for (var next = splitter.next(); next.isPresent(); next = splitter.next()) {
      String text = new String(next.get().payload().bytes(), ISO_8859_1);
      String flags = next.get().flags().toString();
      message.append(flags.startsWith("SOM") ? "[SOM]" : "").append(text);
      String end = flags.replaceFirst("^SOM\\|?", "");
      if (!end.isEmpty() && !end.equals("-")) {
        messages.add(message.append('[').append(end).append(']').toString());
        message.setLength(0);
      }
    }
  }
}
