package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import io.securestreams.core.policy.PolicyDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One overlay for every mistake, all laid upon {@code base.json}. The numbers 112 and 113 are those
 * of the list of mistakes that every reader of the language has to find; from 401 on they are our
 * own.
 */
class OverlaySamplesVectorsTest {

  private static final Path OVERLAYS = SampleFiles.SAMPLES.resolve("invalid").resolve("overlays");
  private static final Path BASE = OVERLAYS.resolve("base.json");

  static Stream<Arguments> mistakes() {
    return SampleFiles.policies(OVERLAYS).stream()
        .filter(file -> !file.equals(BASE))
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void givesExactlyTheFindingsBesideIt(String name, Path overlay) {
    // Given
    PolicyDatabase base = SampleFiles.parse(BASE).orThrow();

    // When
    PolicyParse parse = SampleFiles.overlay(base, overlay);

    // Then
    assertThat(SampleFiles.found(parse)).isEqualTo(SampleFiles.expected(overlay)).isNotEmpty();
    boolean refused = parse.findings().stream().anyMatch(Finding::isError);
    assertThat(parse.database().isEmpty()).isEqualTo(refused);
    assertThat(base).isEqualTo(SampleFiles.parse(BASE).orThrow());
  }

  @Test
  void bothListedMistakesHaveTheirOverlay() {
    List<String> numbers =
        SampleFiles.policies(OVERLAYS).stream()
            .map(file -> SampleFiles.name(file).substring(0, 3))
            .toList();

    assertThat(numbers).doesNotHaveDuplicates().contains("112", "113");
  }
}
