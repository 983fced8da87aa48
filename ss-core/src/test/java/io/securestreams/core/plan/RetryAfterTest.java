package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

  @ParameterizedTest(name = "[{index}] \"{0}\", response of {1}: {2} ms")
  @CsvSource(
      nullValues = "-",
      value = {
        "0,                               -, 0",
        "1,                               -, 1000",
        "' 120 ',                         -, 120000",
        "86400,                           -, 86400000",
        "86401,                           -, 86400000",
        "99999999,                        -, 86400000",
        "999999999,                       -, 0",
        "'',                              -, 0",
        "-5,                              -, 0",
        "+5,                              -, 0",
        "1.5,                             -, 0",
        "soon,                            -, 0",
        "'Mon, 04 May 2026 03:02:11 GMT', -, 10000",
        "'Monday, 04-May-26 03:02:11 GMT',-, 10000",
        "'Mon May  4 03:02:11 2026',      -, 10000",
        "'Mon, 04 May 2026 03:02:00 GMT', -, 0",
        "'Tue, 31 Dec 2030 23:59:60 GMT', -, 86400000",
        "'Sunday, 06-Nov-94 08:49:37 GMT',-, 0",
        "'Mon, 32 May 2026 03:02:11 GMT', -, 0",
        "'Mon, 04 Mai 2026 03:02:11 GMT', -, 0",
        "'Mon, 04 May 2026 03:02:11 CET', -, 0",
        "'in a few minutes',              -, 0",
        "'Mon, 04 May 2026 03:02:11 GMT', 'Mon, 04 May 2026 03:02:05 GMT', 6000",
        "'Mon, 04 May 2026 03:02:11 GMT', 'Mon, 04 May 2026 04:00:00 GMT', 0",
        "'Mon, 04 May 2026 03:02:11 GMT', 'yesterday',                     10000",
        "7,                               'Mon, 04 May 2026 04:00:00 GMT', 7000",
      })
  void readsSecondsAndTheThreeFormsOfADate(String header, String date, long ms) {
    assertThat(RetryAfter.parse(header, Optional.ofNullable(date), NOW)).isEqualTo(ms);
  }

  @ParameterizedTest(name = "[{index}] {0} seen in {1}: {2} ms")
  @CsvSource({
    "'Tuesday, 01-Jan-00 00:00:05 GMT',  2099-12-31T23:59:59Z, 6000",
    "'Friday, 01-Jan-76 00:00:05 GMT',   2026-01-01T00:00:00Z, 86400000",
    "'Friday, 01-Jan-77 00:00:05 GMT',   2026-01-01T00:00:00Z, 0",
  })
  void takesAYearOfTwoDigitsFromTheNearCentury(String header, Instant now, long ms) {
    assertThat(RetryAfter.parse(header, Optional.empty(), now)).isEqualTo(ms);
  }
}
