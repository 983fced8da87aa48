package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.testing.Fault;
import io.securestreams.reactor.testing.Fault.Direction;
import io.securestreams.reactor.testing.Fault.Kind;
import io.securestreams.reactor.testing.FaultSchedule;
import io.securestreams.reactor.testing.FaultWire;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every protocol over TCP connections on which things go wrong: each schedule of faults must end,
 * in states that may follow each other, with every message accounted for and every connection
 * closed.
 */
@ExtendWith(LeakCheck.class)
class FaultMatrixIT {

  private static final int SEEDS = 100;
  private static final int CUTS = 150;
  private static final Duration LIMIT = Duration.ofMillis(250);

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "H3_.*")
  void endsInOrderWhateverGoesWrong(FaultWire wire) {
    // Given
    FaultMatrix matrix = new FaultMatrix(wire, stage);
    List<FaultSchedule> schedules = schedules(matrix.clean().answered());

    // When, then
    assertThat(matrix.run(schedules, LIMIT)).hasSizeGreaterThan(SEEDS);
  }

  /** A cut at the bytes of the answer, and drawn faults. */
  private static List<FaultSchedule> schedules(int bytes) {
    List<FaultSchedule> schedules = new ArrayList<>();
    int step = Math.max(1, bytes / CUTS);
    for (int at = 0; at < bytes; at += step) {
      schedules.add(FaultSchedule.once(new Fault(Kind.CUT, Direction.ANSWER, at, 0)));
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      schedules.add(FaultSchedule.drawn(seed, Kind.OF_STREAMS, bytes));
    }
    return schedules;
  }
}
