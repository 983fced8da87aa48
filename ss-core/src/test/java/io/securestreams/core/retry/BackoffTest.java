package io.securestreams.core.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securestreams.core.policy.RetryScheme;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  private static final int HIGHEST_DRAW = 65535;

  private static Backoff backoff(int conceal, int jitter, Long... table) {
    return Backoff.of(new RetryScheme("r", List.of(table), conceal, jitter, 0, 0));
  }

  @ParameterizedTest(name = "failure {0}: {1}..{2} ms, retry {3}")
  @CsvSource({
    "1, 1000, 1199, true",
    "2, 2000, 2399, true",
    "3, 3000, 3599, true",
    "4, 5000, 5999, true",
    "5, 10000, 11999, true",
    "6, 10000, 11999, false"
  })
  void walksTheTableAndGivesUp(int failure, long lowest, long highest, boolean retry) {
    Backoff backoff = backoff(5, 20, 1000L, 2000L, 3000L, 5000L, 10000L);

    assertThat(backoff.fail(failure - 1, 0, 0))
        .isEqualTo(new Backoff.Decision(failure, retry, lowest));
    assertThat(backoff.fail(failure - 1, HIGHEST_DRAW, 0))
        .isEqualTo(new Backoff.Decision(failure, retry, highest));
  }

  @Test
  void repeatsTheLastEntryWhileFailuresAreConcealed() {
    Backoff backoff = backoff(8, 20, 1000L, 2000L, 3000L, 5000L, 10000L);
    assertThat(backoff.fail(7, 0, 0)).isEqualTo(new Backoff.Decision(8, true, 10000));
    assertThat(backoff.fail(8, 0, 0).retry()).isFalse();
  }

  @Test
  void takesThirtyPercentForZero() {
    assertThat(backoff(1, 0, 1000L).fail(0, HIGHEST_DRAW, 0).delayMs()).isEqualTo(1299);
    assertThat(backoff(1, 30, 1000L).fail(0, HIGHEST_DRAW, 0).delayMs()).isEqualTo(1299);
    assertThat(backoff(1, 1, 1000L).fail(0, HIGHEST_DRAW, 0).delayMs()).isEqualTo(1009);
  }

  @Test
  void waitsThreeSecondsWithoutATable() {
    assertThat(backoff(1, 20).fail(0, 0, 0).delayMs()).isEqualTo(3000);
    assertThat(backoff(1, 20).fail(0, HIGHEST_DRAW, 0).delayMs()).isEqualTo(3599);
  }

  @Test
  void neverRetriesWithoutAScheme() {
    Backoff none = Backoff.of(Optional.empty());
    assertThat(none.fail(0, 0, 0)).isEqualTo(new Backoff.Decision(1, false, 3000));
    assertThat(none.fail(0, HIGHEST_DRAW, 0).delayMs()).isEqualTo(3899);
    assertThat(none.fail(65535, 0, 0)).isEqualTo(new Backoff.Decision(65535, false, 3000));
  }

  @Test
  void neverRetriesWithNothingConcealed() {
    assertThat(backoff(0, 20, 200L).fail(0, 0, 0).retry()).isFalse();
  }

  @Test
  void neverGivesUpAt65535() {
    Backoff forever = backoff(RetryScheme.FOREVER, 20, 200L);
    assertThat(forever.fail(65534, 0, 0)).isEqualTo(new Backoff.Decision(65535, true, 200));
    assertThat(forever.fail(65535, 0, 0)).isEqualTo(new Backoff.Decision(65535, true, 200));

    Backoff nearly = backoff(65534, 20, 200L);
    assertThat(nearly.fail(65533, 0, 0).retry()).isTrue();
    assertThat(nearly.fail(65534, 0, 0).retry()).isFalse();
    assertThat(nearly.fail(65535, 0, 0).retry()).isFalse();
  }

  @Test
  void calculatesIn64BitsAndCutsTo32() {
    Backoff widest = backoff(1, 255, 4294967295L);
    assertThat(widest.fail(0, 0, 0).delayMs()).isEqualTo(4294967295L);
    assertThat(widest.fail(0, HIGHEST_DRAW, 0).delayMs()).isEqualTo(2362064892L);
  }

  @Test
  void roundsDownTwice() {
    Random random = new Random(8);
    for (int i = 0; i < 10_000; i++) {
      long base = random.nextLong() & 0xffffffffL;
      int jitter = 1 + random.nextInt(255);
      int draw = random.nextInt(65536);
      BigInteger added =
          BigInteger.valueOf(base)
              .multiply(BigInteger.valueOf(jitter))
              .multiply(BigInteger.valueOf(draw))
              .shiftRight(16)
              .divide(BigInteger.valueOf(100));
      long expected =
          BigInteger.valueOf(base).add(added).mod(BigInteger.ONE.shiftLeft(32)).longValueExact();
      assertThat(backoff(1, jitter, base).fail(0, draw, 0).delayMs())
          .as("base %d, jitter %d, draw %d", base, jitter, draw)
          .isEqualTo(expected);
    }
  }

  @Test
  void waitsAtLeastAsLongAsThePeerAsks() {
    Backoff backoff = backoff(2, 20, 200L);
    assertThat(backoff.fail(0, 0, 2000)).isEqualTo(new Backoff.Decision(1, true, 2000));
    assertThat(backoff.fail(0, 0, 199)).isEqualTo(new Backoff.Decision(1, true, 200));
  }

  @Test
  void allowsOneAttemptMoreThanItConceals() {
    Backoff backoff = backoff(2, 20, 200L);
    List<Boolean> retries = new ArrayList<>();
    int failures = 0;
    for (int i = 0; i < 4; i++) {
      Backoff.Decision decision = backoff.fail(failures, 0, 0);
      failures = decision.failures();
      retries.add(decision.retry());
    }
    assertThat(retries).containsExactly(true, true, false, false);
  }

  @ParameterizedTest(name = "failures {0}, draw {1}")
  @CsvSource({"-1, 0", "65536, 0", "0, -1", "0, 65536"})
  void refusesNumbersOutOfRange(int failures, int draw) {
    Backoff backoff = backoff(2, 20, 200L);
    assertThatIllegalArgumentException().isThrownBy(() -> backoff.fail(failures, draw, 0));
  }
}
