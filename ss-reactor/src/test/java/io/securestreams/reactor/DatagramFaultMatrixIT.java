package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.testing.DatagramFaultProxy;
import io.securestreams.reactor.testing.Fault.Kind;
import io.securestreams.reactor.testing.FaultCase;
import io.securestreams.reactor.testing.FaultSchedule;
import io.securestreams.reactor.testing.FaultWire;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * HTTP/3 over a network that loses, delays, mixes and changes datagrams: what QUIC can repair is
 * repaired, and what it cannot ends in time, as {@link FaultMatrixIT} asks of TCP.
 */
@ExtendWith(LeakCheck.class)
class DatagramFaultMatrixIT {

  private static final int SEEDS = 100;

  /** Longer than the second after which a lost first datagram is sent again. */
  private static final Duration LIMIT = Duration.ofMillis(1500);

  /** Nothing that is repaired takes as long, on a busy machine too. */
  private static final Duration AMPLE = Duration.ofSeconds(12);

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H3_.*")
  void endsInOrderWhateverGoesWrong(FaultWire wire) {
    // Given
    FaultMatrix matrix = new FaultMatrix(wire, stage);
    DatagramFaultProxy clean = (DatagramFaultProxy) matrix.clean();
    List<FaultSchedule> schedules =
        FaultSchedule.each(Set.of(Kind.STALL, Kind.CLOSED_PORT), clean.asked(), clean.answered());
    int most = Math.max(clean.asked(), clean.answered());
    for (long seed = 1; seed <= SEEDS; seed++) {
      schedules.add(FaultSchedule.drawn(seed, Kind.OF_DATAGRAMS, most));
    }

    // When, then
    assertThat(matrix.run(schedules, LIMIT)).hasSizeGreaterThan(SEEDS);
  }

  @Test
  void looksForAnotherConnectionWhenThePeerOfOneIsGone() {
    // Given
    FaultMatrix matrix = new FaultMatrix(FaultWire.H3_GET, stage);
    DatagramFaultProxy clean = (DatagramFaultProxy) matrix.clean();

    // When
    List<FaultCase> cases =
        matrix.run(FaultSchedule.each(Set.of(Kind.CUT), clean.asked(), clean.answered()), LIMIT);

    // Then
    assertThat(cases).allMatch(FaultCase::succeeded);
    assertThat(cases).anySatisfy(one -> assertThat(one.path().connections()).isEqualTo(2));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H3_.*")
  void repairsWhatHappensToASingleDatagram(FaultWire wire) {
    // Given
    FaultMatrix matrix = new FaultMatrix(wire, stage);
    DatagramFaultProxy clean = (DatagramFaultProxy) matrix.clean();

    // When
    List<FaultCase> cases =
        matrix.run(
            FaultSchedule.each(Kind.OF_SINGLE_DATAGRAMS, clean.asked(), clean.answered()), AMPLE);

    // Then
    assertThat(cases).allMatch(FaultCase::succeeded);
    assertThat(cases).allSatisfy(one -> assertThat(one.path().connections()).isEqualTo(1));
  }
}
