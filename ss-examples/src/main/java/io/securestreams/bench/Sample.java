package io.securestreams.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What one iteration measured.
 *
 * @param opsPerSecond operations per second
 * @param bytesPerOp bytes allocated in the client's process per operation
 * @param cpuMicros CPU time of the client's process per operation, in µs
 */
public record Sample(double opsPerSecond, double bytesPerOp, double cpuMicros) {

  private static final String WORD = "sample";

  /** One line, to be read by {@link #parse}. */
  String line() {
    return WORD + " " + opsPerSecond + " " + bytesPerOp + " " + cpuMicros;
  }

  /** Reads a line; empty if it says something else. */
  static Optional<Sample> parse(String line) {
    String[] words = line.split(" ", -1);
    return words.length == 4 && words[0].equals(WORD)
        ? Optional.of(
            new Sample(
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3])))
        : Optional.empty();
  }

  /** The medians of each number by itself. */
  static Sample median(List<Sample> samples) {
    return new Sample(
        median(samples, Sample::opsPerSecond),
        median(samples, Sample::bytesPerOp),
        median(samples, Sample::cpuMicros));
  }

  public static <T> double median(List<T> values, ToDoubleFunction<T> number) {
    double[] sorted = values.stream().mapToDouble(number).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
