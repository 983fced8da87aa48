package io.securestreams.examples.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HandlerExampleIT {

  @Test
  @Timeout(60)
  void callbacksSeeStatesAndMessagesInOrder() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    HandlerExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "rx number 0",
            "rx number 1",
            "rx number 2",
            "DISCONNECTED",
            "DESTROYING",
            "the end of echo");
  }
}
