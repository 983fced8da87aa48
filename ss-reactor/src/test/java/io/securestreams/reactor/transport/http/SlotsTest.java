package io.securestreams.reactor.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many transactions a shared connection takes. */
final class SlotsTest {

  private static final long EXPIRES = 1000;
  private static final long YOUNG = 0;

  private final Slots slots = new Slots(EXPIRES);

  @Test
  void takesOneUntilThePeerSaysHowMany() {
    assertThat(slots.take(YOUNG)).isTrue();
    assertThat(slots.take(YOUNG)).isFalse();
    slots.limit(2);
    assertThat(slots.take(YOUNG)).isTrue();
    assertThat(slots.take(YOUNG)).isFalse();
    slots.give();
    assertThat(slots.take(YOUNG)).isTrue();
  }

  @Test
  void takesNoneOnceItIsOld() {
    slots.limit(10);
    assertThat(slots.take(EXPIRES)).as("the first, however long it took").isTrue();
    assertThat(slots.take(EXPIRES)).isFalse();
    assertThat(slots.most()).as("for good").isZero();
    assertThat(slots.spent(YOUNG)).as("with a transaction under way").isFalse();
    slots.give();
    assertThat(slots.spent(YOUNG)).isTrue();
  }

  @Test
  void takesNoneOnceItIsRetired() {
    slots.limit(10);
    slots.retire();
    assertThat(slots.take(YOUNG)).isFalse();
    assertThat(slots.spent(YOUNG)).isTrue();
  }

  @Test
  void isRetiredForWantOfUseOnlyWhileUnused() {
    assertThat(slots.take(YOUNG)).isTrue();
    assertThat(slots.retireUnused()).isFalse();
    slots.give();
    assertThat(slots.retireUnused()).isTrue();
    assertThat(slots.take(YOUNG)).isFalse();
  }
}
