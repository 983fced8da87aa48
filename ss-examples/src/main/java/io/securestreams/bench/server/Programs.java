package io.securestreams.bench.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of other projects that may be installed. */
final class Programs {

  static final String NGINX = "nginx";
  static final String H2LOAD = "h2load";

  private Programs() {}

  /** True if a program is on the path. */
  static boolean has(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .anyMatch(Files::isExecutable);
  }
}
