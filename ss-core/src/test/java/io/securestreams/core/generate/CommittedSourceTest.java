package io.securestreams.core.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.json.PolicyParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated source of the static policy example is up to date. It is looked at here, because a
 * record that changed would keep the example's own module from being compiled.
 */
class CommittedSourceTest {

  private static final String PACKAGE = "io.securestreams.examples.staticpolicy";
  private static final Path MAIN = Path.of("..", "ss-examples", "src", "main");
  private static final Path POLICY = in("resources").resolve("policy.json");
  private static final Path SOURCE = in("java").resolve("GreetingPolicy.java");

  private static Path in(String kind) {
    return MAIN.resolve(kind).resolve(PACKAGE.replace('.', '/'));
  }

  @Test
  void isWhatTheGeneratorGives() throws IOException {
    String source =
        PolicySource.of(
                PolicyParser.strict().parse(POLICY).orThrow(),
                PACKAGE,
                "GreetingPolicy",
                "policy.json")
            .text();
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(SOURCE, source);
    }

    assertThat(Files.readString(SOURCE))
        .as("write it again: mvn -pl ss-core test -Dtest=CommittedSourceTest -Dregenerate=true")
        .isEqualTo(source);
  }
}
