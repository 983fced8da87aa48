package io.securestreams.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServerExampleIT {

  @Test
  @Timeout(60)
  void answersHttpAndWebSocketOnOnePort() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ServerExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly("http said: hello reader", "WebSocket said: you said good day");
  }
}
