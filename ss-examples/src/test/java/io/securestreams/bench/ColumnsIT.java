package io.securestreams.bench;

import static io.securestreams.bench.BenchServer.BULK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Every column does the same work, or the table compares nothing. */
class ColumnsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = BenchServer.start();
  }

  static List<Arguments> everyWayToGet() {
    List<Arguments> ways = new ArrayList<>();
    for (Column column : Column.values()) {
      for (Wire wire : Wire.available()) {
        boolean jdk = column == Column.JDK;
        if (!jdk || wire != Wire.H3) {
          ways.add(Arguments.of(column, wire, Engine.JDK));
        }
        if (!jdk && wire.secure() && wire != Wire.H3) {
          ways.add(Arguments.of(column, wire, Engine.BORINGSSL));
        }
      }
    }
    return ways;
  }

  @ParameterizedTest(name = "{0} over {1} with {2}")
  @MethodSource("everyWayToGet")
  void getsTheWholeBody(Column column, Wire wire, Engine engine) {
    try (Contender contender = column.connect(server, engine)) {
      assertThat(contender.get(wire).block(PATIENCE)).isEqualTo(BenchServer.BODY_BYTES);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void receivesAndSendsLargeBodies(Column column) {
    try (Contender contender = column.connect(server, Engine.JDK)) {
      assertThat(contender.download().block(PATIENCE)).isEqualTo(BULK_BYTES);
      assertThat(contender.upload().block(PATIENCE)).isEqualTo(BULK_BYTES);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void sendsMessagesRound(Column column) throws InterruptedException {
    try (Contender contender = column.connect(server, Engine.JDK);
        EchoLine line = contender.echo(new byte[4096])) {
      line.roundTrips(100, 1);
      line.roundTrips(1000, 64);
    }
  }

  @Test
  void hasMessagesReachALocalSink() throws InterruptedException {
    try (EchoLine sink = new LocalSinkLine(new byte[128]);
        EchoLine pipe = new ReactorPipe(new byte[128])) {
      sink.roundTrips(1000, 64);
      pipe.roundTrips(1000, 64);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      names = {"SECURE_STREAM", "RAW"},
      mode = Mode.INCLUDE)
  void movesBytesBothWays(Column column) {
    try (Contender contender = column.connect(server, Engine.JDK);
        ByteLine line = contender.bytes()) {
      assertThat(line.receive().thenReturn("received").block(PATIENCE)).isEqualTo("received");
      assertThat(line.send().thenReturn("sent").block(PATIENCE)).isEqualTo("sent");
      assertThat(line.receive().thenReturn("again").block(PATIENCE)).isEqualTo("again");
    }
  }
}
