package io.securestreams.bench;

import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A process that measures one row for one column, in turn with those of the other columns. */
final class Fork {

  private static final TimeValue SLICE = TimeValue.milliseconds(250);

  private Fork() {}

  /** Measures row number and column of the arguments, with so many warm-ups and iterations. */
  public static void main(String[] args) throws RunnerException {
    Row row = Row.ALL.get(Integer.parseInt(args[0]));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + row.type().getName().replace(".", "\\.") + "\\." + row.method() + "$")
            .param("column", args[1])
            .forks(0) // this process is the fork
            .warmupIterations(Integer.parseInt(args[2]))
            .warmupTime(SLICE)
            .measurementIterations(Integer.parseInt(args[3]))
            .measurementTime(SLICE)
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    for (Map.Entry<String, String> parameter : row.parameters().entrySet()) {
      options = options.param(parameter.getKey(), parameter.getValue());
    }
    for (BenchmarkResult result : new Runner(options.build()).runSingle().getBenchmarkResults()) {
      for (IterationResult iteration : result.getIterationResults()) {
        Sample sample =
            new Sample(
                iteration.getPrimaryResult().getScore(),
                secondary(iteration, "gc.alloc.rate.norm"),
                secondary(iteration, CpuProfiler.NAME));
        System.out.println(sample.line());
      }
    }
    System.exit(0); // whatever threads a column left behind
  }

  @SuppressWarnings("rawtypes") // JMH's own signature
  private static double secondary(IterationResult iteration, String name) {
    for (Map.Entry<String, Result> result : iteration.getSecondaryResults().entrySet()) {
      if (result.getKey().endsWith(name)) {
        return result.getValue().getScore();
      }
    }
    return Double.NaN;
  }
}
