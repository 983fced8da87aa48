package io.securestreams.bench;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Messages that go round on one WebSocket. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EchoBenchmark {

  private static final int FEW = 200;
  private static final int MANY = 6400;
  private static final int WARM_UP = 64_000;

  /** The client. */
  @Param public Column column = Column.RAW;

  /** Size of a message. */
  @Param({"128", "4096"})
  public int bytes = 128;

  private @Nullable Contender contender;
  private @Nullable EchoLine line;

  /** Connects to the server that the harness started, and has the code compiled. */
  @Setup
  public void connect() throws InterruptedException {
    Contender client = column.connect(ServerProcess.server(), Engine.JDK);
    contender = client;
    EchoLine opened = client.echo(new byte[bytes]);
    line = opened;
    opened.roundTrips(WARM_UP, 64);
  }

  /** Closes line and client. */
  @TearDown
  public void close() {
    Objects.requireNonNull(line).close();
    Objects.requireNonNull(contender).close();
  }

  /** The next is sent when one came back. */
  @Benchmark
  @OperationsPerInvocation(FEW)
  public void pingPong(Turn turn) throws InterruptedException {
    Objects.requireNonNull(line).roundTrips(FEW, 1);
  }

  /** 64 are under way. */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public void pipelined(Turn turn) throws InterruptedException {
    Objects.requireNonNull(line).roundTrips(MANY, 64);
  }
}
