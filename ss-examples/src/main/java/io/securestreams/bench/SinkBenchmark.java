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

/** Messages from one place of a process to another, which takes them on a thread of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SinkBenchmark {

  private static final int BYTES = 128;
  private static final int MANY = 6400;
  private static final int WINDOW = 64;
  private static final int WARM_UP = 64_000;

  /** {@link Column#SECURE_STREAM} or {@link Column#RAW}. */
  @Param({"SECURE_STREAM", "RAW"})
  public Column column = Column.RAW;

  private @Nullable EchoLine line;

  /** Joins the two places, and has the code compiled. */
  @Setup
  public void join() throws InterruptedException {
    byte[] message = new byte[BYTES];
    EchoLine joined =
        column == Column.SECURE_STREAM ? new LocalSinkLine(message) : new ReactorPipe(message);
    line = joined;
    joined.roundTrips(WARM_UP, WINDOW);
  }

  /** Parts them. */
  @TearDown
  public void close() {
    Objects.requireNonNull(line).close();
  }

  /** 64 are under way. */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public void messages(Turn turn) throws InterruptedException {
    Objects.requireNonNull(line).roundTrips(MANY, WINDOW);
  }
}
