package io.securestreams.tool;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.NearestName;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * A policy that was given on the command line.
 *
 * @param path as given
 * @param database what it says
 * @param findings its warnings
 */
record PolicyFile(Path path, PolicyDatabase database, List<Finding> findings) {

  /** Copies the list. */
  PolicyFile {
    findings = List.copyOf(findings);
  }

  /** Parses a policy; what is wrong with it is told on standard error. */
  static PolicyFile load(Path path, Terminal terminal) {
    return usable(path, parse(path, PolicyParser.lenient()), terminal);
  }

  /** Parses a policy and lays overlays upon it, one after the other. */
  static PolicyFile load(Path path, List<Path> overlays, Terminal terminal) {
    PolicyFile file = load(path, terminal);
    for (Path overlay : overlays) {
      PolicyParse laid = overlay(file.database, overlay, PolicyParser.lenient());
      file = new PolicyFile(path, usable(overlay, laid, terminal).database, file.findings);
    }
    return file;
  }

  private static PolicyFile usable(Path path, PolicyParse parse, Terminal terminal) {
    parse.findings().forEach(finding -> terminal.err().println(finding));
    long errors = parse.findings().stream().filter(Finding::isError).count();
    PolicyDatabase database =
        parse
            .database()
            .orElseThrow(
                () ->
                    new MistakeException(
                        path
                            + " cannot be used: "
                            + (errors == 1 ? "1 error" : errors + " errors")));
    return new PolicyFile(path, database, parse.findings());
  }

  /** Parses a policy; a file that cannot be read is a mistake. */
  static PolicyParse parse(Path path, PolicyParser parser) {
    return read(path, () -> parser.parse(path));
  }

  /** Lays an overlay upon a policy; a file that cannot be read is a mistake. */
  static PolicyParse overlay(PolicyDatabase base, Path path, PolicyParser parser) {
    return read(path, () -> parser.overlay(base, path));
  }

  private static PolicyParse read(Path path, Supplier<PolicyParse> parse) {
    if (Files.isDirectory(path)) {
      throw new MistakeException(path + " is a directory, not a policy file");
    }
    try {
      return parse.get();
    } catch (UncheckedIOException e) {
      throw new MistakeException(unreadable(path, e));
    }
  }

  /** One sentence about a file that cannot be read. */
  static String unreadable(Path path, Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof NoSuchFileException) {
        return "there is no file " + path;
      }
      if (t instanceof AccessDeniedException) {
        return "you may not read " + path;
      }
    }
    return path + " cannot be read: " + e.getMessage();
  }

  /** A stream type that connects. */
  StreamType client(String name) {
    StreamType type = streamType(name);
    if (type.side() == Side.SERVER) {
      throw new MistakeException(
          "'"
              + name
              + "' is a server stream type; run it with: sstream serve "
              + path
              + " "
              + name);
    }
    return type;
  }

  /** A stream type that listens. */
  StreamType server(String name) {
    StreamType type = streamType(name);
    if (type.side() != Side.SERVER) {
      throw new MistakeException(
          "'"
              + name
              + "' is not a server stream type (it has no \"server\": true); try it with: sstream "
              + "connect "
              + path
              + " "
              + name);
    }
    return type;
  }

  RetryScheme retryScheme(String name) {
    return database
        .retryScheme(name)
        .orElseThrow(() -> unknown("retry scheme", name, database.retrySchemes().keySet()));
  }

  /** A stream type of any side. */
  StreamType streamType(String name) {
    return database
        .streamType(name)
        .orElseThrow(() -> unknown("stream type", name, database.streamTypes().keySet()));
  }

  private MistakeException unknown(String what, String name, Collection<String> known) {
    String hint = NearestName.hint(name, known);
    String names = known.isEmpty() ? "; it defines none" : "; it has " + String.join(", ", known);
    return new MistakeException(
        "there is no " + what + " '" + name + "' in " + path + (hint.isEmpty() ? names : hint));
  }
}
