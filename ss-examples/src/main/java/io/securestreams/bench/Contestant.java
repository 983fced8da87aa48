package io.securestreams.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The process of one column, seen from the one that gives the turns. */
final class Contestant implements AutoCloseable {

  private final Column column;
  private final Process process;
  private final BufferedReader output;
  private final OutputStream input;

  Contestant(Column column, Process process) {
    this.column = column;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.getOutputStream();
  }

  Column column() {
    return column;
  }

  /** Gives the process a turn and waits for its end. */
  void turn() throws IOException {
    await(Turn.READY);
    input.write('\n');
    input.flush();
    await(Turn.OVER);
  }

  /** What it measured in its last turns. */
  List<Sample> samples(int count) throws IOException {
    List<Sample> samples = new ArrayList<>();
    while (samples.size() < count) {
      Optional<Sample> sample = Sample.parse(line());
      sample.ifPresent(samples::add);
    }
    return samples;
  }

  private void await(String word) throws IOException {
    String line = line();
    while (!line.equals(word)) { // JMH, or a library, said something
      line = line();
    }
  }

  private String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the process of column " + column.title() + " ended early");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
