package io.securestreams.examples.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FetchExampleIT {

  @Test
  @Timeout(60)
  void asksUntilTheServerIsThere() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    FetchExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly("there is no server: UNREACHABLE", "the server came and said: /items/42");
  }
}
