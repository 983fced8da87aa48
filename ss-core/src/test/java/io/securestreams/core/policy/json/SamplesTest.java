package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {

  static Stream<Arguments> samples() {
    return SampleFiles.policies(SampleFiles.SAMPLES).stream()
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void loadsWithExactlyTheWarningsBesideIt(String name, Path policy) {
    // When
    PolicyParse parse = SampleFiles.parse(policy);

    // Then
    assertThat(SampleFiles.found(parse)).isEqualTo(SampleFiles.expected(policy));
    assertThat(parse.findings()).noneMatch(Finding::isError);
    assertThat(parse.orThrow().streamTypes()).isNotEmpty();
  }

  @Test
  void theIndexHasALineForEverySample() throws IOException {
    String index =
        Files.readString(SampleFiles.SAMPLES.resolve("README.md"), StandardCharsets.UTF_8);

    List<Path> samples = SampleFiles.policies(SampleFiles.SAMPLES);

    assertThat(samples)
        .isNotEmpty()
        .allSatisfy(file -> assertThat(index).contains("`" + file.getFileName() + "`"));
  }

  @Test
  void theExampleOfTheReferenceReadmeMeansWhatItSays() {
    PolicyDatabase database =
        SampleFiles.parse(SampleFiles.SAMPLES.resolve("mintest.json")).orThrow();

    StreamType mintest = database.streamType("mintest").orElseThrow();

    assertThat(mintest.side()).isEqualTo(Side.CLIENT);
    assertThat(mintest.protocol()).isEqualTo(Protocol.H1);
    assertThat(mintest.http().method()).contains("GET");
    assertThat(mintest.http().url().text()).isEqualTo("index.html");
    assertThat(mintest.retry().orElseThrow().backoff())
        .containsExactly(1000L, 2000L, 3000L, 5000L, 10000L);
    assertThat(mintest.tls().orElseThrow().trustStore().orElseThrow().stack())
        .extracting("name")
        .containsExactly("isrg_root_x1", "LEX3_isrg_root_x1");
    assertThat(mintest.blockers()).isEmpty();
  }

  @Test
  void samplesOfWhatIsNotSupportedYetDoNotOpen() {
    List<String> blocked =
        SampleFiles.policies(SampleFiles.SAMPLES).stream()
            .flatMap(file -> SampleFiles.parse(file).orThrow().streamTypes().values().stream())
            .filter(streamType -> !streamType.blockers().isEmpty())
            .map(streamType -> streamType.name() + " " + streamType.blockers())
            .toList();

    assertThat(blocked).containsExactly("sensor [protocol]");
  }
}
