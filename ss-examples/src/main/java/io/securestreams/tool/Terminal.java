package io.securestreams.tool;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command reads and writes: results to {@code out}, diagnostics to {@code err}.
 *
 * @param in standard input
 * @param out standard output, UTF-8
 * @param err standard error, UTF-8
 * @param palette colours of {@code out}
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Palette palette) {

  /** The terminal of this process; in colour if it is one and {@code NO_COLOR} is not set. */
  static Terminal ofProcess() {
    return new Terminal(
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Ansi.AUTO.enabled() ? Palette.COLOURS : Palette.PLAIN);
  }

  /** One diagnostic line. */
  void diagnose(String message) {
    err.println("sstream: " + message);
  }
}
