package io.securestreams.examples.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class UpdateExampleIT {

  @Test
  @Timeout(60)
  void theFeedMovesAndAMistakeChangesNothing() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    UpdateExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .startsWith("first policy, with 0 findings", "from /morning")
        .endsWith("refused, with 2 findings")
        // The update is told on one thread, what the stream receives after it on another.
        .containsExactlyInAnyOrder(
            "first policy, with 0 findings",
            "from /morning",
            "new policy, disturbed: [Disturbance[streamType=feed, effect=MOVED, streams=1]]",
            "from /evening",
            "refused, with 2 findings");
  }
}
