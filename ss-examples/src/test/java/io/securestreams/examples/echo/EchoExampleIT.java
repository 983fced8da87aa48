package io.securestreams.examples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EchoExampleIT {

  @Test
  @Timeout(60)
  void everyMessageComesBack() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    EchoExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly(
            "came back: one", "came back: two", "came back: three", "3 of 3 messages came back");
  }
}
