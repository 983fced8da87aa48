package io.securestreams.core.policy.json;

import io.securestreams.core.error.Finding;
import io.securestreams.core.policy.PolicyDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The policies of {@code policy-samples} and the findings that lie beside them. */
final class SampleFiles {

  static final Path SAMPLES = Path.of("..", "policy-samples");

  private SampleFiles() {}

  static List<Path> policies(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static String name(Path policy) {
    return policy.getFileName().toString().replaceFirst("\\.json$", "");
  }

  static PolicyParse parse(Path policy) {
    return PolicyParser.lenient().parse(bytes(policy), policy.getFileName().toString());
  }

  static PolicyParse overlay(PolicyDatabase base, Path overlay) {
    String name = overlay.getFileName().toString();
    return PolicyParser.lenient().overlay(base, bytes(overlay), name);
  }

  private static InputStream bytes(Path file) {
    try {
      return new ByteArrayInputStream(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Everything but the sentence; no file means no findings. */
  static List<String> expected(Path policy) {
    Path file = policy.resolveSibling(name(policy) + ".expected");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file, StandardCharsets.UTF_8).stream()
              .map(SampleFiles::withoutSentence)
              .toList()
          : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static List<String> found(PolicyParse parse) {
    return parse.findings().stream()
        .map(Finding::toString)
        .map(SampleFiles::withoutSentence)
        .toList();
  }

  private static String withoutSentence(String line) {
    int path = line.indexOf("] at ") + "] at ".length();
    int end = line.indexOf(": ", path);
    return end < 0 ? line : line.substring(0, end);
  }
}
