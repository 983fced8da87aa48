package io.securestreams.reactor.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerLimitsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void eachLimitIsSetAlone() {
    assertThat(
            ServerLimits.DEFAULTS
                .withConnections(1)
                .withHead(SECOND)
                .withIdle(SECOND.multipliedBy(2))
                .withBodyBytes(3)
                .withBodyRate(4)
                .withRequests(5)
                .withStall(SECOND.multipliedBy(6)))
        .isEqualTo(
            new ServerLimits(1, SECOND, SECOND.multipliedBy(2), 3, 4, 5, SECOND.multipliedBy(6)));
  }

  @Test
  void refusesWhatWouldLetNobodyIn() {
    ServerLimits limits = ServerLimits.DEFAULTS;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withConnections(0))
        .withMessage("connections must be 1 or more, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withRequests(0))
        .withMessage("requests must be 1 or more, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withBodyBytes(-1))
        .withMessage("bodyBytes must be 0 or more, got -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withBodyRate(-1))
        .withMessage("bodyRate must be 0 or more, got -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withHead(Duration.ZERO))
        .withMessage("head must be positive, got PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withIdle(Duration.ZERO))
        .withMessage("idle must be positive, got PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.withStall(SECOND.negated()))
        .withMessage("stall must be positive, got PT-1S");
  }
}
