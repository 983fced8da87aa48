package io.securestreams.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChatExampleIT {

  @Test
  @Timeout(60)
  void twoStreamsTalk() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ChatExample.run(new PrintStream(out, true, StandardCharsets.UTF_8), false);

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly(
            "{\"type\":\"welcome\",\"name\":\"Ann\",\"count\":1}",
            "{\"type\":\"came\",\"name\":\"Ann\",\"count\":1}",
            "{\"type\":\"came\",\"name\":\"Bob\",\"count\":2}",
            "{\"type\":\"said\",\"name\":\"Ann\",\"text\":\"hello Bob\"}",
            "{\"type\":\"said\",\"name\":\"Bob\",\"text\":\"hello Ann\"}");
  }
}
