package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest(name = "{0} is {1} ms")
  @CsvSource({
    "500ms, 500",
    "30s, 30000",
    "30, 30000",
    "0.5s, 500",
    "1.25, 1250",
    "2m, 120000",
    "1m30s, 90000",
    "1h2m3s4ms, 3723004",
    "10S, 10000"
  })
  void readsDurationsAsPeopleWriteThem(String text, long millis) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(strings = {"", "s", "3q", "-1s", "1s2", "1 s", "0", "0ms", "1..5s", "5s!"})
  void refusesWhatIsNoDuration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("30s");
  }

  @ParameterizedTest(name = "{0} ms is {1}")
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1240, 1.24 s",
    "59999, 60.00 s",
    "125000, 2 min 5 s",
    "7260000, 2 h 1 min"
  })
  void writesThemShort(long millis, String text) {
    assertThat(DurationText.format(Duration.ofMillis(millis))).isEqualTo(text);
  }
}
