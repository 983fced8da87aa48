package io.securestreams.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  @ParameterizedTest(name = "{0} means {1}")
  @CsvSource({
    "tsl, tls",
    "Endpoint, endpoint",
    "end_point, endpoint",
    "prot, port",
    "htp_method, http_method",
    "http_metod, http_method",
    "http_methods, http_method",
    "opp, opportunistic",
    "zzz, ''",
    "x, ''",
    "a_very_long_name_that_nobody_meant, ''",
  })
  void guessesWhatDiffersLittle(String written, String meant) {
    List<String> keys =
        List.of("tls", "endpoint", "port", "protocol", "http_method", "http_url", "opportunistic");

    assertThat(NearestName.find(written, keys).orElse("")).isEqualTo(meant);
  }

  @Test
  void theHintIsPartOfTheSentence() {
    assertThat(NearestName.hint("defalt", List.of("default", "other")))
        .isEqualTo("; did you mean 'default'?");
    assertThat(NearestName.hint("", List.of("default"))).isEmpty();
  }

  @Test
  void withoutANearOneAllAreNamed() {
    assertThat(NearestName.hintOrAll("defalt", List.of("default"))).contains("did you mean");
    assertThat(NearestName.hintOrAll("feed", List.of("a", "b"))).isEqualTo("; it has a, b");
    assertThat(NearestName.hintOrAll("feed", List.of())).isEqualTo("; it defines none");
  }
}
