package io.securestreams.tool;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the packaged {@code ./sstream} as a user does. */
final class Launcher {

  static final Path SCRIPT = Path.of("sstream").toAbsolutePath();

  private static final long PATIENCE_S = 60;
  private static final Pattern LISTENING = Pattern.compile("sstream: listening on .*:(\\d+)");

  private Launcher() {}

  /**
   * What a finished command left behind.
   *
   * @param exit its exit code
   * @param out standard output
   * @param err standard error
   */
  record Result(int exit, String out, String err) {

    /** The values of a text member of every JSON line that has it. */
    List<String> values(String member) {
      List<String> values = new ArrayList<>();
      Matcher matcher = Pattern.compile("\"" + member + "\":\"?([^\",}]*)").matcher(out);
      while (matcher.find()) {
        values.add(matcher.group(1));
      }
      return values;
    }
  }

  static Result run(String... args) {
    return run(SCRIPT, "", args);
  }

  static Result run(Path script, String input, String... args) {
    Process process = start(script, args);
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
    } catch (IOException e) {
      // The command ended without reading its input.
    }
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String out = text(process.getInputStream());
    return new Result(exitCode(process), out, err.join());
  }

  /** A {@code serve} that is listening. */
  static Serving serve(String... args) {
    Process process = start(SCRIPT, args);
    CompletableFuture<String> out =
        CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    try {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.matches()) {
          return new Serving(process, Integer.parseInt(listening.group(1)), out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the server ended with " + exitCode(process));
  }

  /**
   * A running {@code serve}.
   *
   * @param process the process
   * @param port where it listens
   * @param out standard output, complete when the process ended
   */
  record Serving(Process process, int port, CompletableFuture<String> out)
      implements AutoCloseable {

    /** Interrupts it, as Ctrl-C does, and waits for the end. */
    Result interrupt() {
      process.toHandle().destroy(); // Process.destroy() would close the pipes too
      return new Result(exitCode(process), out.join(), "");
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** A command whose output is read while it runs. */
  static Running follow(String... args) {
    return new Running(start(SCRIPT, ProcessBuilder.Redirect.DISCARD, args));
  }

  /** A running command. */
  static final class Running implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();

    private Running(Process process) {
      this.process = process;
      this.out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads on until a line of standard output has all these parts. */
    String await(String... parts) {
      CompletableFuture<String> found = CompletableFuture.supplyAsync(() -> read(List.of(parts)));
      try {
        return found.get(PATIENCE_S, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("no line with " + List.of(parts) + " after " + lines, e);
      }
    }

    private String read(List<String> parts) {
      try {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          lines.add(line);
          if (parts.stream().allMatch(line::contains)) {
            return line;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new AssertionError("the command ended with " + exitCode(process));
    }

    /** What was read so far. */
    List<String> lines() {
      return List.copyOf(lines);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static Process start(Path script, String... args) {
    return start(script, ProcessBuilder.Redirect.PIPE, args);
  }

  private static Process start(Path script, ProcessBuilder.Redirect err, String... args) {
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    command.addAll(List.of(args));
    try {
      return new ProcessBuilder(command).redirectError(err).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int exitCode(Process process) {
    try {
      if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the command did not end within " + PATIENCE_S + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
