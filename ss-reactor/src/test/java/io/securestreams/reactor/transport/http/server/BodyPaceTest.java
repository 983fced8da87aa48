package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyPaceTest {

  private static final long WINDOW = Duration.ofSeconds(15).toNanos();

  private final BodyPace pace = new BodyPace(10, WINDOW);

  @Test
  void isEnoughFromTheRateOn() {
    pace.received(149);
    assertThat(pace.isEnough()).isFalse();
    assertThat(pace.reason()).isEqualTo("Body came slower than bodyRate = 10 of serverLimits(...)");
    pace.received(1);
    assertThat(pace.isEnough()).isTrue();
  }

  @Test
  void eachWindowCountsForItself() {
    pace.received(1_000_000);
    pace.begin();
    assertThat(pace.reason()).isEqualTo("Request was not answered in time");
    assertThat(pace.isEnough()).isFalse();
  }

  @Test
  void whoIsNotReadNeedsOnlySomething() {
    pace.held();
    assertThat(pace.isEnough()).isFalse();
    pace.received(1);
    assertThat(pace.isEnough()).isTrue();
    pace.begin();
    pace.received(1);
    assertThat(pace.isEnough()).isFalse();
  }

  @Test
  void withoutARateSomethingMustComeStill() {
    BodyPace any = new BodyPace(0, WINDOW);
    assertThat(any.isEnough()).isFalse();
    any.received(1);
    assertThat(any.isEnough()).isTrue();
  }
}
