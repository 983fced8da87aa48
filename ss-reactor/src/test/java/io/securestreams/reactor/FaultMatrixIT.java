package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.testing.Fault;
import io.securestreams.reactor.testing.Fault.Direction;
import io.securestreams.reactor.testing.Fault.Kind;
import io.securestreams.reactor.testing.FaultCase;
import io.securestreams.reactor.testing.FaultWire;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Every protocol over connections on which things go wrong: each schedule of faults must end, in
 * states that may follow each other, with every message accounted for and every connection closed.
 */
@ExtendWith(LeakCheck.class)
class FaultMatrixIT {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaultMatrixIT.class);
  private static final int SEEDS = 100;
  private static final int CUTS = 150;
  private static final int AT_ONCE = 24;

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @EnumSource(FaultWire.class)
  void endsInOrderWhateverGoesWrong(FaultWire wire) {
    // Given
    FaultWire.Peer peer = stage.with(wire.peer());
    List<FaultCase> cases = cases(wire, peer);

    // When
    List<Optional<String>> findings =
        Flux.fromIterable(cases)
            .flatMap(FaultCase::run, AT_ONCE)
            .collectList()
            .blockOptional(Stage.SOON)
            .orElseThrow();

    // Then
    List<String> wrong = findings.stream().flatMap(Optional::stream).toList();
    LOGGER.warn("{}: {} cases, {} passed", wire, cases.size(), cases.size() - wrong.size());
    assertThat(wrong).isEmpty();
    assertThat(findings).hasSizeGreaterThan(SEEDS);
  }

  /** A clean run, a cut at the bytes of its answer, and drawn faults. */
  private List<FaultCase> cases(FaultWire wire, FaultWire.Peer peer) {
    FaultCase clean = new FaultCase(wire, peer, stage, "no fault", Fault.none());
    assertThat(clean.run().block(Stage.SOON)).isEmpty();
    assertThat(clean.succeeded()).isTrue();
    int bytes = clean.answered();
    List<FaultCase> cases = new ArrayList<>();
    int step = Math.max(1, bytes / CUTS);
    for (int at = 0; at < bytes; at += step) {
      Fault cut = new Fault(Kind.CUT, Direction.ANSWER, at, 0);
      cases.add(new FaultCase(wire, peer, stage, cut.toString(), Fault.once(cut)));
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      IntFunction<List<Fault>> faults = Fault.drawn(seed, bytes);
      String name = "seed " + seed + ": " + faults.apply(0) + ", then " + faults.apply(1);
      cases.add(new FaultCase(wire, peer, stage, name, faults));
    }
    return cases;
  }
}
