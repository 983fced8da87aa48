package io.securestreams.bench;

import static io.securestreams.bench.BenchServer.BULK_BYTES;

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

/** Large bodies over h1. An operation is a MiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class BulkBenchmark {

  private static final int MIB = BULK_BYTES / 1024 / 1024;

  /** The client. */
  @Param public Column column = Column.RAW;

  private @Nullable Contender contender;

  /** Connects to the server that the harness started. */
  @Setup
  public void connect() {
    contender = column.connect(ServerProcess.server(), Engine.JDK);
  }

  /** Closes the client. */
  @TearDown
  public void close() {
    Objects.requireNonNull(contender).close();
  }

  /** The client receives. */
  @Benchmark
  @OperationsPerInvocation(MIB)
  public void download(Turn turn) {
    check(Objects.requireNonNull(contender).download().block());
  }

  /** The client sends. */
  @Benchmark
  @OperationsPerInvocation(MIB)
  public void upload(Turn turn) {
    check(Objects.requireNonNull(contender).upload().block());
  }

  private static void check(@Nullable Long bytes) {
    if (bytes == null || bytes != BULK_BYTES) {
      throw new IllegalStateException("got " + bytes + " bytes instead of " + BULK_BYTES);
    }
  }
}
