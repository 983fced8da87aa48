package io.securestreams.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.DisposableServer;

/** Every column does the same work, or the table compares nothing. */
class ColumnsIT {

  private static DisposableServer server;

  @BeforeAll
  static void start() {
    server = BenchServer.start();
  }

  @AfterAll
  static void stop() {
    server.disposeNow();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void getsTheWholeBody(Column column) {
    try (Contender contender = column.connect(server.port())) {
      assertThat(contender.get().block(Duration.ofSeconds(10))).isEqualTo(BenchServer.BODY_BYTES);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void sendsMessagesRound(Column column) throws InterruptedException {
    try (Contender contender = column.connect(server.port());
        EchoLine line = contender.echo(new byte[4096])) {
      line.roundTrips(100, 1);
      line.roundTrips(1000, 64);
    }
  }
}
