package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedTextsTest {

  private final SharedTexts texts = new SharedTexts();

  @Test
  void equalTextsBecomeOne() {
    String first = texts.share(new String("connection refused"));
    assertThat(texts.share(new String("connection refused"))).isSameAs(first);
  }

  @Test
  void everyTextComesBackEqualHoweverManyThereAre() {
    for (int round = 0; round < 2; round++) {
      assertThat(IntStream.range(0, 10_000).mapToObj(i -> texts.share("text " + i)))
          .containsExactlyElementsOf(
              IntStream.range(0, 10_000).mapToObj(i -> "text " + i).toList());
    }
  }
}
