package io.securestreams.examples.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventsExampleIT {

  @Test
  @Timeout(60)
  void clientsComeAndGo() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    EventsExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly(
            "one client took 2 events and went away",
            "the other took 6 events",
            "the server knew how many listened: [1, 2, 1, 0]");
  }
}
