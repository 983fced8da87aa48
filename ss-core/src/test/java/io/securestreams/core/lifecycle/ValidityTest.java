package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Validity.Effect.Bare.DISARM;
import static io.securestreams.core.lifecycle.Validity.Effect.Bare.HANG_UP;
import static io.securestreams.core.lifecycle.Validity.Effect.Bare.SEND_PING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securestreams.core.lifecycle.Validity.Effect.Arm;
import io.securestreams.core.policy.RetryScheme;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ValidityTest {

  private Validity validity = Validity.of(1, 3);

  private List<Validity.Effect> after(Function<Validity, Validity.Step> input) {
    Validity.Step step = input.apply(validity);
    validity = step.next();
    return step.effects();
  }

  @Test
  void pingsAndThenHangsUp() {
    assertThat(after(Validity::up)).containsExactly(new Arm(1000));
    assertThat(after(Validity::due)).containsExactly(SEND_PING, new Arm(2000));
    assertThat(after(Validity::due)).containsExactly(HANG_UP);
    assertThat(after(Validity::due)).isEmpty();
    assertThat(after(Validity::proof)).isEmpty();
  }

  @Test
  void proofBeginsAnew() {
    after(Validity::up);
    assertThat(after(Validity::proof)).containsExactly(new Arm(1000));
    after(Validity::due);
    assertThat(after(Validity::proof)).containsExactly(new Arm(1000));
    assertThat(after(Validity::due)).containsExactly(SEND_PING, new Arm(2000));
  }

  @Test
  void hangsUpWithoutAPingWhenThePingWouldComeTooLate() {
    for (int ping : new int[] {3, 4, 60}) {
      validity = Validity.of(ping, 3);
      assertThat(after(Validity::up)).containsExactly(new Arm(3000));
      assertThat(after(Validity::proof)).containsExactly(new Arm(3000));
      assertThat(after(Validity::pause)).containsExactly(DISARM);
      assertThat(after(Validity::resume)).containsExactly(new Arm(3000));
      assertThat(after(Validity::due)).containsExactly(HANG_UP);
    }
  }

  @Test
  void pingsAtOnceForZeroButNotAtEveryProof() {
    validity = Validity.of(0, 4);
    assertThat(after(Validity::up)).containsExactly(SEND_PING, new Arm(4000));
    assertThat(after(Validity::proof)).containsExactly(new Arm(2000));
    assertThat(after(Validity::due)).containsExactly(SEND_PING, new Arm(2000));
    assertThat(after(Validity::due)).containsExactly(HANG_UP);
  }

  @Test
  void checksNothingWithoutHangup() {
    validity = Validity.of(5, 0);
    assertThat(after(Validity::up)).isEmpty();
    assertThat(after(Validity::proof)).isEmpty();
    assertThat(after(Validity::due)).isEmpty();
    assertThat(after(Validity::pause)).isEmpty();
    assertThat(after(Validity::resume)).isEmpty();
  }

  @Test
  void waitsForNothingWhileReadingIsGated() {
    after(Validity::up);
    after(Validity::due);
    assertThat(after(Validity::pause)).containsExactly(DISARM);
    assertThat(after(Validity::pause)).isEmpty();
    assertThat(after(Validity::due)).isEmpty();
    assertThat(after(Validity::resume)).containsExactly(new Arm(2000));
    assertThat(after(Validity::resume)).isEmpty();
    assertThat(after(Validity::due)).containsExactly(HANG_UP);
  }

  @Test
  void proofWhileGatedCountsOnceReadingGoesOn() {
    after(Validity::up);
    after(Validity::due);
    after(Validity::pause);
    assertThat(after(Validity::proof)).isEmpty();
    assertThat(after(Validity::resume)).containsExactly(new Arm(1000));
  }

  @Test
  void connectionThatComesUpGatedStartsItsTimerLater() {
    after(Validity::pause);
    assertThat(after(Validity::up)).isEmpty();
    assertThat(after(Validity::resume)).containsExactly(new Arm(1000));

    validity = Validity.of(0, 4);
    after(Validity::pause);
    assertThat(after(Validity::up)).containsExactly(SEND_PING);
    assertThat(after(Validity::resume)).containsExactly(new Arm(4000));
  }

  @Test
  void takesItsTimesFromTheScheme() {
    validity = Validity.of(Optional.of(new RetryScheme("r", List.of(), 0, 0, 30, 35)));
    assertThat(after(Validity::up)).containsExactly(new Arm(30_000));
    assertThat(after(Validity::due)).containsExactly(SEND_PING, new Arm(5000));

    validity = Validity.of(Optional.empty());
    assertThat(after(Validity::up)).containsExactly(new Arm(40_000));
    assertThat(after(Validity::due)).containsExactly(SEND_PING, new Arm(10_000));

    validity = Validity.of(Optional.of(new RetryScheme("r", List.of(), 0, 0, 30, 0)));
    assertThat(after(Validity::up)).isEmpty();
  }

  @Test
  void pingsAsOftenAsTheBrokerExpects() {
    assertThat(Validity.of(30, 60).withKeepAlive(10)).isEqualTo(Validity.of(10, 60));
    assertThat(Validity.of(30, 60).withKeepAlive(40)).isEqualTo(Validity.of(30, 60));
    assertThat(Validity.of(30, 60).withKeepAlive(0)).isEqualTo(Validity.of(30, 60));
  }

  @Test
  void refusesNegativeTimes() {
    assertThatIllegalArgumentException().isThrownBy(() -> Validity.of(-1, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> Validity.of(1, -3));
  }
}
