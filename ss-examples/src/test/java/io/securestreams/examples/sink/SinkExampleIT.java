package io.securestreams.examples.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SinkExampleIT {

  @Test
  @Timeout(60)
  void aWriterJoinsTheLogAndLeavesIt() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    SinkExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "a writer joins 0 others",
            "line 1: a user signed in",
            "line 2: a user signed out",
            "a writer leaves 0 others",
            "receipts: [line 1, line 2]",
            "[no sink: CONNECT]");
  }
}
