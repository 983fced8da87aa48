package io.securestreams.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One row, measured for all columns at nearly the same time: their processes take turns. */
final class Contest implements AutoCloseable {

  private final List<Contestant> contestants = new ArrayList<>();
  private final int turns;
  private final int iterations;

  /**
   * Starts the processes.
   *
   * @param row what they measure
   * @param server the server they measure it with
   * @param warmups slices that are not counted
   * @param iterations slices that are
   */
  Contest(Row row, ServerProcess server, int warmups, int iterations) throws IOException {
    this.turns = warmups + iterations;
    this.iterations = iterations;
    for (Column column : row.columns()) {
      contestants.add(
          new Contestant(
              column,
              Jvm.start(
                  List.of("-Xms512m", "-Xmx512m", "-Djmh.ignoreLock=true", server.argument()),
                  Fork.class,
                  String.valueOf(Row.ALL.indexOf(row)),
                  column.name(),
                  String.valueOf(warmups),
                  String.valueOf(iterations))));
    }
  }

  /** Gives the turns, one after the other, and collects what was measured. */
  Map<Column, List<Sample>> run() throws IOException {
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < contestants.size(); i++) {
        contestants.get((turn + i) % contestants.size()).turn();
      }
    }
    Map<Column, List<Sample>> samples = new EnumMap<>(Column.class);
    for (Contestant contestant : contestants) {
      samples.put(contestant.column(), contestant.samples(iterations));
    }
    return samples;
  }

  @Override
  public void close() {
    contestants.forEach(Contestant::close);
  }
}
