package io.securestreams.tool;

import io.securestreams.core.generate.PolicySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sstream generate}: a policy as Java source, so that nothing is parsed at start. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Turns a policy into a Java class whose database() needs no parsing.",
    footer = {
      "",
      "Private keys and proxy passwords of the policy are in the source, and in what is compiled "
          + "from it: keep both as safe as the policy. Such a file is written for its owner alone, "
          + "where the file system knows owners.",
      "Exits with 2 if the policy has errors.",
    })
final class GenerateCommand implements Callable<Integer> {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "a policy file")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Option(
      names = "--package",
      paramLabel = "NAME",
      required = true,
      description = "the package of the class")
  @SuppressWarnings("NullAway.Init")
  private String packageName;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      required = true,
      description = "the name of the class")
  @SuppressWarnings("NullAway.Init")
  private String className;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "the source directory to write into (default: standard output)")
  private Optional<Path> out = Optional.empty();

  GenerateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PolicySource source = source(PolicyFile.load(file, terminal));
    if (out.isPresent()) {
      write(source, out.get());
    } else {
      terminal.out().print(source.text());
    }
    if (!source.secrets().isEmpty()) {
      terminal.diagnose(
          "warning: the source contains the "
              + String.join(", the ", source.secrets())
              + "; keep it, and what is compiled from it, as safe as the policy");
    }
    return Ending.REACHED.code();
  }

  private PolicySource source(PolicyFile policy) {
    Path label = policy.path().getFileName();
    try {
      return PolicySource.of(policy.database(), packageName, className, label.toString());
    } catch (IllegalArgumentException noJavaName) {
      throw new ParameterException(spec.commandLine(), noJavaName.getMessage(), noJavaName);
    }
  }

  private void write(PolicySource source, Path directory) {
    Path target = directory.resolve(packageName.replace('.', '/')).resolve(className + ".java");
    try {
      Files.createDirectories(target.getParent());
      if (!source.secrets().isEmpty()) {
        reserve(target);
      }
      Files.writeString(target, source.text(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new MistakeException("cannot write " + target + ": " + e.getMessage());
    }
    terminal.diagnose("written: " + target);
  }

  /** Before there is anything to read: not even for a moment may others. */
  private static void reserve(Path target) throws IOException {
    if (!target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    if (Files.exists(target)) {
      Files.setPosixFilePermissions(target, OWNER_ONLY);
    } else {
      Files.createFile(target, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
  }
}
