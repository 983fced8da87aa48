package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class UntilTest {

  @Test
  void readsStatesMessagesAndNumbers() {
    assertThat(Until.parse("CONNECTED")).isEqualTo(new Until.State(5));
    assertThat(Until.parse("eom")).isEqualTo(new Until.WholeMessage());
    assertThat(Until.parse("999")).isEqualTo(new Until.Payloads(999));
    assertThat(Until.parse("1000")).isEqualTo(new Until.State(1000));
    assertThat(Until.parse("1530")).isEqualTo(new Until.State(1530));
  }

  @Test
  void hintsAtTheStateThatWasMeant() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Until.parse("CONECTED"))
        .withMessageContaining("did you mean 'CONNECTED'?");
  }

  @Test
  void refusesUserAsANameAndZeroAsANumber() {
    assertThatIllegalArgumentException().isThrownBy(() -> Until.parse("USER"));
    assertThatIllegalArgumentException().isThrownBy(() -> Until.parse("0"));
    assertThatIllegalArgumentException().isThrownBy(() -> Until.parse("-3"));
  }
}
