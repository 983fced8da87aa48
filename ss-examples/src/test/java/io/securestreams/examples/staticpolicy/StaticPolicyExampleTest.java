package io.securestreams.examples.staticpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StaticPolicyExampleTest {

  private static final Path POLICY =
      Path.of("src/main/resources/io/securestreams/examples/staticpolicy/policy.json");

  @Test
  void theClassGivesWhatTheParserGives() {
    PolicyDatabase parsed = PolicyParser.strict().parse(POLICY).orThrow();

    assertThat(GreetingPolicy.database()).isEqualTo(parsed);
  }

  @Test
  @Timeout(60)
  void theGreetingArrives() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    StaticPolicyExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly("static policy example, release 1", "the server said: /hello/world");
  }
}
