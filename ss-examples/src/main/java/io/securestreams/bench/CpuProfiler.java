package io.securestreams.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time of the client's threads per operation, which a busy machine disturbs least; without
 * compiler and garbage collector.
 */
public final class CpuProfiler implements InternalProfiler {

  /** The name of the result. */
  static final String NAME = "cpu.per.op";

  private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private Map<Long, Long> before = Map.of();

  @Override
  public String getDescription() {
    return "CPU time of all threads per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = nanosByThread();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long nanos = 0;
    for (Map.Entry<Long, Long> thread : nanosByThread().entrySet()) {
      nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
    }
    return List.of(
        new ScalarResult(
            NAME,
            nanos / 1000.0 / result.getMetadata().getAllOps(),
            "us/op",
            AggregationPolicy.AVG));
  }

  private Map<Long, Long> nanosByThread() {
    long[] ids = threads.getAllThreadIds();
    long[] nanos = threads.getThreadCpuTime(ids);
    Map<Long, Long> times = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      times.put(ids[i], Math.max(0, nanos[i]));
    }
    return times;
  }
}
