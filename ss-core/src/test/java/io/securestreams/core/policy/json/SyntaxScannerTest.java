package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxScannerTest {

  @ParameterizedTest(name = "{0} at {1} of {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':1} | 1 | $",
        "{\"a\" 1} | 5 | $.a",
        "{\"a\":} | 5 | $.a",
        "{\"a\":,} | 5 | $.a",
        "{\"a\":1 \"b\":2} | 7 | $",
        "{\"a\":1]} | 6 | $",
        "{\"a\":[1}} | 7 | $.a",
        "{\"a\":[,1]} | 6 | $.a[0]",
        "{\"a\":[1,,2]} | 8 | $.a[1]",
        "{,} | 1 | $",
        "{\"a\":-} | 6 | $.a",
        "{\"a\":-01} | 6 | $.a",
        "{\"a\":1.} | 7 | $.a",
        "{\"a\":.5} | 5 | $.a",
        "{\"a\":+1} | 5 | $.a",
        "{\"a\":1e} | 7 | $.a",
        "{\"a\":1e+} | 8 | $.a",
        "{\"a\":1x} | 6 | $",
        "{\"a\":NaN} | 5 | $.a",
        "{\"a\":True} | 5 | $.a",
        "{\"a\":nul} | 5 | $.a",
        "{\"a\":truex} | 5 | $.a",
        "{\"a\":\"\\x\"} | 7 | $.a",
        "{\"a\":\"\\u00g0\"} | 10 | $.a",
        "{\"\\u0061\":x} | 10 | $.a",
        "{\"a\":1 // c | 7 | $",
        "{\"a\":1} # c } | -1 | none",
        "{\"a\":1, # \t\u0001x | 11 | $",
        "{} # \u0000x | 5 | $",
        "{} {} | 3 | $",
        "{\"a\":1, # c\u0007 } | 11 | $",
        "{\"a\":[1, #\tc | 12 | $.a",
        "{\"\\ud83d\\ude00\":x} | 16 | $[\"\uD83D\uDE00\"]",
        "{\"x\\ud83d\":1} | 3 | $",
        "{\"x\\ud83d\\n\":1} | 3 | $",
        "{\"xy\\ude00\":1} | 4 | $",
        "\"a\" | 0 | $",
      })
  void namesTheFirstOffendingCharacter(String text, int offset, String path) {
    var fault = SyntaxScanner.scan(text);

    assertThat(fault.map(f -> f.place().offset()).orElse(-1)).isEqualTo(offset);
    assertThat(fault.map(f -> f.place().path().text()).orElse("none")).isEqualTo(path);
  }

  @Test
  void saysSomethingOfATextThatOnlyTheTokenizerRefuses() {
    assertThat(SyntaxScanner.explain("{}").place()).isEqualTo(new Place(JsonPath.ROOT, 0));
  }
}
