package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One policy for every mistake. The first 114 numbers follow the list of mistakes that every reader
 * of the language has to find; 112 and 113 are about overlays. From 201 on they are our own.
 */
class InvalidSamplesVectorsTest {

  private static final Path INVALID = SampleFiles.SAMPLES.resolve("invalid");

  static Stream<Arguments> mistakes() {
    return SampleFiles.policies(INVALID).stream()
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void givesExactlyTheFindingsBesideIt(String name, Path policy) {
    // When
    PolicyParse parse = SampleFiles.parse(policy);

    // Then
    assertThat(SampleFiles.found(parse)).isEqualTo(SampleFiles.expected(policy)).isNotEmpty();
    boolean refused = parse.findings().stream().anyMatch(Finding::isError);
    assertThat(parse.database().isEmpty()).isEqualTo(refused);
  }

  @Test
  void everyListedMistakeHasItsPolicy() {
    List<Integer> numbers =
        SampleFiles.policies(INVALID).stream()
            .map(file -> Integer.parseInt(SampleFiles.name(file).substring(0, 3)))
            .toList();

    assertThat(numbers)
        .doesNotHaveDuplicates()
        .containsAll(IntStream.rangeClosed(1, 111).boxed().toList())
        .contains(114);
  }
}
