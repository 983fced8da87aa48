package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final List<String> KNOWN = List.of("fetch", "feed", "report", "id");

  @ParameterizedTest(name = "{0} was meant to be {1}")
  @CsvSource({"fecth, fetch", "Feed, feed", "rep, report", "ib, id", "reprot, report"})
  void findsTheNameThatWasMeant(String typed, String meant) {
    assertThat(Nearest.find(typed, KNOWN)).contains(meant);
  }

  @Test
  void givesNoHintForAStranger() {
    assertThat(Nearest.hint("mosquito", KNOWN)).isEmpty();
  }
}
