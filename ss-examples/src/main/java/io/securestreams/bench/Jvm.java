package io.securestreams.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that run a main class of this package, with the class path of this one. */
public final class Jvm {

  /** Keeps the libraries' debug lines out of what is measured. */
  private static final String QUIET =
      "-Dlogback.configurationFile=io/securestreams/bench/logback.xml";

  private Jvm() {}

  /** Starts one; its error output is ours. */
  public static Process start(List<String> jvmArguments, Class<?> main, String... arguments)
      throws IOException {
    return start(jvmArguments, main.getName(), arguments);
  }

  /** Starts one whose main class need not be on our own class path. */
  static Process start(List<String> jvmArguments, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(QUIET);
    command.addAll(jvmArguments);
    command.add(main);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
