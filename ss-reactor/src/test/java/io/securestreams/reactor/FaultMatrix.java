package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.testing.FaultCase;
import io.securestreams.reactor.testing.FaultPath;
import io.securestreams.reactor.testing.FaultSchedule;
import io.securestreams.reactor.testing.FaultWire;
import io.securestreams.reactor.testing.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/** One row of a fault matrix: a protocol, its server, and many schedules of faults at once. */
final class FaultMatrix {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaultMatrix.class);
  private static final int AT_ONCE = 24;
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private final FaultWire wire;
  private final Stage stage;
  private final FaultWire.Peer peer;

  FaultMatrix(FaultWire wire, Stage stage) {
    this(wire, stage, stage.with(wire.peer()));
  }

  FaultMatrix(FaultWire wire, Stage stage, FaultWire.Peer peer) {
    this.wire = wire;
    this.stage = stage;
    this.peer = peer;
  }

  /** Runs without a fault, and tells what went where. */
  FaultPath clean() {
    FaultCase clean = made(FaultSchedule.none(), PATIENT);
    assertThat(clean.run().block(Stage.SOON)).isEmpty();
    assertThat(clean.succeeded()).isTrue();
    return clean.path();
  }

  /** Runs all schedules: each ends in order. */
  List<FaultCase> run(List<FaultSchedule> schedules, Duration limit) {
    List<FaultCase> cases = schedules.stream().map(schedule -> made(schedule, limit)).toList();
    List<Optional<String>> findings =
        Flux.fromIterable(cases)
            .flatMap(FaultCase::run, AT_ONCE)
            .collectList()
            .blockOptional(Stage.SOON.multipliedBy(4))
            .orElseThrow();
    List<String> wrong = findings.stream().flatMap(Optional::stream).toList();
    long succeeded = cases.stream().filter(FaultCase::succeeded).count();
    LOGGER.warn(
        "{}: {} cases, {} passed, {} delivered in spite of their faults",
        wire,
        cases.size(),
        cases.size() - wrong.size(),
        succeeded);
    assertThat(wrong).isEmpty();
    return cases;
  }

  private FaultCase made(FaultSchedule schedule, Duration limit) {
    return new FaultCase(wire, peer, stage, schedule, limit);
  }
}
