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
import reactor.core.publisher.Flux;

/** GET over kept connections. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class HttpGetBenchmark {

  private static final int FEW = 50;
  private static final int MANY = 1280;
  private static final int WARM_UP = 10_000;

  /** The client. */
  @Param public Column column = Column.RAW;

  /** What the requests go over. */
  @Param public Wire wire = Wire.H1;

  /** What runs TLS. */
  @Param public Engine engine = Engine.JDK;

  private @Nullable Contender contender;

  /** Connects to the server that the harness started, and has the code compiled. */
  @Setup
  public void connect() {
    contender = column.connect(ServerProcess.server(), engine);
    bytes(WARM_UP, 64);
  }

  /** Closes the client. */
  @TearDown
  public void close() {
    Objects.requireNonNull(contender).close();
  }

  /** One at a time. */
  @Benchmark
  @OperationsPerInvocation(FEW)
  public int oneAtATime(Turn turn) {
    return bytes(FEW, 1);
  }

  /** 64 at a time. */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public int many(Turn turn) {
    return bytes(MANY, 64);
  }

  private int bytes(int requests, int concurrency) {
    Contender client = Objects.requireNonNull(contender);
    int bytes =
        Objects.requireNonNull(
            Flux.range(0, requests)
                .flatMap(i -> client.get(wire), concurrency)
                .reduce(0, Integer::sum)
                .block());
    if (bytes != requests * BenchServer.BODY_BYTES) {
      throw new IllegalStateException("got " + bytes + " bytes for " + requests + " requests");
    }
    return bytes;
  }
}
