package io.securestreams.core.policy.json;

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
    List<String> keys = PolicyKey.spellings(KeySection.STREAM);

    assertThat(NearestName.find(written, keys).orElse("")).isEqualTo(meant);
  }

  @Test
  void theHintIsPartOfTheSentence() {
    assertThat(NearestName.hint("defalt", List.of("default", "other")))
        .isEqualTo("; did you mean 'default'?");
    assertThat(NearestName.hint("", List.of("default"))).isEmpty();
  }
}
