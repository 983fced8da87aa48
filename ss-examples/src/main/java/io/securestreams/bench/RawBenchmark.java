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

/** Bytes over one raw connection. An operation is a MiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class RawBenchmark {

  private static final int MIB = BenchServer.BULK_BYTES / 1024 / 1024;

  /** The client. */
  @Param public Column column = Column.RAW;

  private @Nullable Contender contender;
  private @Nullable ByteLine line;

  /** Connects to the server that the harness started. */
  @Setup
  public void connect() {
    Contender client = column.connect(ServerProcess.server(), Engine.JDK);
    contender = client;
    line = client.bytes();
  }

  /** Closes connection and client. */
  @TearDown
  public void close() {
    Objects.requireNonNull(line).close();
    Objects.requireNonNull(contender).close();
  }

  /** The client receives. */
  @Benchmark
  @OperationsPerInvocation(MIB)
  public void in(Turn turn) {
    Objects.requireNonNull(line).receive().block();
  }

  /** The client sends. */
  @Benchmark
  @OperationsPerInvocation(MIB)
  public void out(Turn turn) {
    Objects.requireNonNull(line).send().block();
  }
}
