package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.testing.Fault.Direction;
import io.securestreams.reactor.testing.Fault.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The proxy does what its schedule says. */
@ExtendWith(LeakCheck.AtTheEnd.class)
class FaultProxyIT {

  private static final String ANSWER = "0123456789";

  /** A peer that answers a byte with ten, and then ends. */
  private static RawPeer peer() {
    return new RawPeer(
        talk -> {
          if (talk.read() == 'x') {
            talk.write(ANSWER);
          }
        });
  }

  private static String heard(RawPeer peer, Fault fault) {
    try (FaultProxy proxy = new FaultProxy(peer.port(), FaultSchedule.once(fault));
        RawClient client = RawClient.to(proxy.port())) {
      return client.send("x").heard();
    }
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(Kind.DELAY, 4, 5, ANSWER),
        Arguments.of(Kind.DRIP, 4, 3, ANSWER),
        Arguments.of(Kind.CUT, 4, 0, "0123"),
        Arguments.of(Kind.CUT, 0, 0, ""),
        Arguments.of(Kind.HALF_CLOSE, 4, 0, "0123"),
        Arguments.of(Kind.CORRUPT, 4, 1, "0123556789"),
        Arguments.of(Kind.CORRUPT, 10, 1, ANSWER));
  }

  @ParameterizedTest(name = "{0} after {1} bytes: {3}")
  @MethodSource("answers")
  void changesTheAnswer(Kind kind, int at, int extent, String expected) {
    try (RawPeer peer = peer()) {
      assertThat(heard(peer, new Fault(kind, Direction.ANSWER, at, extent))).isEqualTo(expected);
    }
  }

  @Test
  void resetsBothEnds() {
    try (RawPeer peer = peer()) {
      // What was under way before a reset may be lost with it.
      assertThat(ANSWER).startsWith(heard(peer, new Fault(Kind.RESET, Direction.ANSWER, 4, 0)));
    }
  }

  @Test
  void changesTheRequest() {
    try (RawPeer peer = peer()) {
      assertThat(heard(peer, new Fault(Kind.CORRUPT, Direction.REQUEST, 0, 1))).isEmpty();
    }
  }

  @Test
  void stallsUntilTheClientLeaves() {
    try (RawPeer peer = peer();
        FaultProxy proxy =
            new FaultProxy(
                peer.port(), FaultSchedule.once(new Fault(Kind.STALL, Direction.ANSWER, 4, 0)))) {
      try (RawClient client = RawClient.to(proxy.port())) {
        assertThat(client.send("x").body(4)).isEqualTo("0123");
        assertThat(proxy.answered()).isEqualTo(4);
        assertThat(proxy.open()).isEqualTo(1);
      }
      Stage.await("the end of the client", () -> proxy.open() == 0);
    }
  }

  @Test
  void leavesTheNextConnectionAlone() {
    try (RawPeer peer = peer();
        FaultProxy proxy =
            new FaultProxy(
                peer.port(), FaultSchedule.once(new Fault(Kind.CUT, Direction.ANSWER, 0, 0)))) {
      try (RawClient first = RawClient.to(proxy.port())) {
        assertThat(first.send("x").heard()).isEmpty();
      }
      try (RawClient second = RawClient.to(proxy.port())) {
        assertThat(second.send("x").heard()).isEqualTo(ANSWER);
      }
      assertThat(proxy.connections()).isEqualTo(2);
    }
  }

  @Test
  void drawsTheSameFromTheSameSeed() {
    FaultSchedule drawn = FaultSchedule.drawn(7, Kind.OF_STREAMS, 100);
    assertThat(drawn).isEqualTo(FaultSchedule.drawn(7, Kind.OF_STREAMS, 100));
    assertThat(drawn.of(0)).isNotEmpty();
    assertThat(drawn.of(2)).isEmpty();
  }
}
