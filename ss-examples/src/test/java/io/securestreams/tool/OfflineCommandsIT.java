package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.SecureStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command where it needs no network. */
class OfflineCommandsIT {

  private static final Path SAMPLES = Path.of("..", "policy-samples");

  /** The files beside the samples hold what is wrong, not what is unwise. */
  private static final String UNWISE =
      "PLAINTEXT,NO_TRUST_STORE,CERT_EXPIRED,CERT_EXPIRING,WEAK_KEY,WEAK_SIGNATURE,LOW_JITTER";

  @TempDir private Path folder;

  @Test
  void everySampleLoadsWithExactlyTheWarningsBesideIt() throws IOException {
    List<String> command = new ArrayList<>(List.of("check", "--silence", UNWISE));
    List<String> expected = new ArrayList<>();
    for (Path sample : jsonFiles(SAMPLES)) {
      command.add(sample.toString());
      expected.addAll(expected(sample));
    }

    Launcher.Result result = Launcher.run(command.toArray(String[]::new));

    assertThat(result.exit()).isZero();
    assertThat(result.out().lines().map(OfflineCommandsIT::withoutWording).toList())
        .isEqualTo(expected);
  }

  @Test
  void everyMistakeOfTheSamplesIsFoundInOneRun() throws IOException {
    List<Path> samples = jsonFiles(SAMPLES.resolve("invalid"));
    List<String> command = new ArrayList<>(List.of("check", "--silence", UNWISE));
    List<String> expected = new ArrayList<>();
    for (Path sample : samples) {
      command.add(sample.toString());
      expected.addAll(expected(sample));
    }

    Launcher.Result result = Launcher.run(command.toArray(String[]::new));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out().lines().map(OfflineCommandsIT::withoutWording).toList())
        .hasSizeGreaterThan(100)
        .isEqualTo(expected);
  }

  @Test
  void invalidPoliciesAreRefusedWithPlaceAndCode() throws IOException {
    Path bad = folder.resolve("bad.json");
    Files.writeString(
        bad,
        """
        { "s": [{ "a": { "endpoint": "h", "port": 70000, "protocol": "h1",
                         "http_method": "GET", "tsl": true, "retry": "nope" } }] }
        """);

    Launcher.Result result = Launcher.run("check", bad.toString());

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out().lines().map(OfflineCommandsIT::withoutWording).toList())
        .containsExactly(
            bad + ":1:43: error[RANGE] at $.s[0].a.port",
            bad + ":2:40: warning[UNKNOWN_KEY] at $.s[0].a.tsl",
            bad + ":2:62: error[UNKNOWN_REF] at $.s[0].a.retry");
    assertThat(result.err()).contains("2 errors, 1 warning");
  }

  @Test
  void whatIsUnwiseIsToldUnlessItIsSilenced() {
    String sample = SAMPLES.resolve("captive-portal.json").toString();

    Launcher.Result loud = Launcher.run("check", sample);
    Launcher.Result quiet = Launcher.run("check", "--silence", "PLAINTEXT,ignored", sample);

    assertThat(loud.exit()).isZero();
    assertThat(loud.out())
        .contains("warning[PLAINTEXT] at $.s[0].captive_portal_detect.endpoint: ");
    assertThat(quiet.exit()).isZero();
    assertThat(quiet.out()).isEmpty();
  }

  @Test
  void retryPrintsTheTable() {
    Launcher.Result result =
        Launcher.run(
            "retry", SAMPLES.resolve("h1-own-ca.json").toString(), "default", "--seed", "7");

    assertThat(result.exit()).isZero();
    assertThat(result.out().lines().toList())
        .hasSize(8)
        .anyMatch(line -> line.matches(" +5 +10000 +11999 +\\d+ +\\S+ s  retry"))
        .last()
        .asString()
        .contains("ALL_RETRIES_FAILED");
  }

  @Test
  void everySampleIsShownWithoutItsKeys() throws IOException {
    for (Path sample : jsonFiles(SAMPLES)) {
      // In this process: a new one for each of them takes most of a minute.
      Captured people = new Captured();
      Captured scripts = new Captured();

      assertThat(run(people, "show", sample.toString())).as(sample.toString()).isZero();
      assertThat(run(scripts, "show", sample.toString(), "--json")).isZero();

      assertThat(people.out()).startsWith("policy\n").contains("\ns ");
      assertThat(scripts.out()).startsWith("{\n").endsWith("}\n");
      assertThat(people.out() + scripts.out()).doesNotContain("MIGHAgEAMB");
    }
  }

  @Test
  void thePackagedCommandShowsAPolicy() {
    Launcher.Result result = Launcher.run("show", SAMPLES.resolve("h1-own-ca.json").toString());

    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("policy\n").contains("\ns ");
  }

  @Test
  void generateGivesTheCommittedSourceOfTheExample() throws IOException {
    Path room = Path.of("io/securestreams/examples/staticpolicy");

    Launcher.Result result =
        Launcher.run(
            "generate",
            Path.of("src/main/resources").resolve(room).resolve("policy.json").toString(),
            "--package",
            "io.securestreams.examples.staticpolicy",
            "--class",
            "GreetingPolicy",
            "--out",
            folder.toString());

    assertThat(result.exit()).isZero();
    assertThat(folder.resolve(room).resolve("GreetingPolicy.java"))
        .hasSameTextualContentAs(
            Path.of("src/main/java").resolve(room).resolve("GreetingPolicy.java"));
  }

  @Test
  void theDiagramComesFromTheTable() {
    Launcher.Result result = Launcher.run("state-diagram");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .startsWith("stateDiagram-v2\n")
        .contains("    [*] --> CREATING\n")
        .contains("    UNREACHABLE --> ALL_RETRIES_FAILED\n");
  }

  @Test
  void theSchemaAndTheKeysAreTheFilesBesideTheSamples() throws IOException {
    Launcher.Result schema = Launcher.run("schema");
    Launcher.Result keys = Launcher.run("schema", "--markdown");

    assertThat(schema.exit()).isZero();
    assertThat(schema.out())
        .isEqualTo(Files.readString(SAMPLES.resolve("schema/policy.schema.json")));
    assertThat(keys.exit()).isZero();
    assertThat(keys.out()).isEqualTo(Files.readString(SAMPLES.resolve("KEYS.md")));
  }

  @Test
  void theVersionIsTheJars() {
    assertThat(Launcher.run("--version").out()).matches("sstream \\d+\\.\\d+\\.\\d+\\S*\\n");
  }

  @Test
  void noColoursWhereThereIsNoTerminal() {
    assertThat(Launcher.run("--help").out()).doesNotContain("\u001b");
  }

  @Test
  void theLauncherWorksThroughSymbolicLinks() throws IOException {
    Path first = Files.createSymbolicLink(folder.resolve("first"), Launcher.SCRIPT);
    Path second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());

    assertThat(Launcher.run(second, "", "--version").exit()).isZero();
  }

  @Test
  void theLauncherTellsWhatToRunIfNothingIsBuilt() throws IOException {
    Path lonely = folder.resolve("sstream");
    Files.copy(Launcher.SCRIPT, lonely, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

    Launcher.Result result = Launcher.run(lonely, "", "--version");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("mvn -q -DskipTests package");
  }

  @Test
  void theTourShowsEverythingAndEndsByItself() {
    Launcher.Result result = Launcher.run("demo");

    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("UNREACHABLE")
        .contains("sent while the peer was away")
        .contains("Shown in ");
  }

  private static int run(Captured captured, String... args) {
    return SStream.run(captured.terminal(), SecureStreams::builder, args);
  }

  private static List<Path> jsonFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static List<String> expected(Path sample) throws IOException {
    Path file =
        sample.resolveSibling(sample.getFileName().toString().replace(".json", ".expected"));
    List<String> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        lines.add(sample.getParent() + "/" + withoutWording(line));
      }
    }
    return lines;
  }

  /** Place, severity, code and path of a finding: the sentence may change. */
  private static String withoutWording(String line) {
    return line.replaceFirst("( at \\$[^:]*): .*", "$1");
  }
}
