package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.json.PolicyReference;
import io.securestreams.core.policy.json.PolicySchema;
import io.securestreams.reactor.SecureStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line up to the point where a socket would be needed. */
class SStreamTest {

  private static final String POLICY =
      """
      {
        "retry": [{ "default": { "backoff": [1000, 2000], "conceal": 2, "jitterpc": 10 } }],
        "s": [
          { "fetch": { "endpoint": "127.0.0.1", "port": 1, "protocol": "h1", "http_method": "GET",
                       "metadata": [{ "lang": "" }], "retry": "default" } },
          { "site": { "server": true, "endpoint": "127.0.0.1", "port": 0, "protocol": "h1",
                      "metadata": [{ "method": "", "path": "" }] } }
        ]
      }
      """;

  @TempDir private Path folder;

  private final Captured captured = new Captured();
  private Path policy = Path.of("unset");

  @BeforeEach
  void writePolicy() throws IOException {
    policy = Files.writeString(folder.resolve("policy.json"), POLICY);
  }

  @Test
  void aCleanPolicyPrintsNoFinding() {
    assertThat(run("check", policy.toString())).isZero();
    assertThat(captured.out().lines()).noneMatch(line -> line.contains("error["));
    assertThat(captured.err()).contains("policy.json: ok, 2 stream types");
  }

  @Test
  void everyFindingIsALineWithItsPlace() throws IOException {
    Path bad = folder.resolve("bad.json");
    Files.writeString(
        bad, POLICY.replace("\"port\": 1,", "\"port\": 70000,").replace("\"lang\"", "\"l g\""));

    assertThat(run("check", policy.toString(), bad.toString())).isEqualTo(2);
    assertThat(captured.out()).contains(bad + ":4:51: error[RANGE] at $.s[0].fetch.port: ");
  }

  @Test
  void aDiffTellsWhoIsDisturbedAndWhy() throws IOException {
    Path next = folder.resolve("next.json");
    Files.writeString(
        next,
        POLICY
            .replace("\"port\": 1,", "\"port\": 2,")
            .replace("\"conceal\": 2", "\"conceal\": 3")
            .replace("\"site\"", "\"sites\""));

    assertThat(run("diff", policy.toString(), next.toString())).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            fetch  MOVED      port: 1 -> 2
                              retry: the definition of "default" changed
            site   ENDED      not in %1$s
            sites  ADDED      not in %2$s
            """
                .formatted(next, policy));
    assertThat(captured.err()).contains("2 of 2 stream types disturbed");
  }

  @Test
  void aDiffOfEqualPoliciesIsEmpty() {
    assertThat(run("diff", policy.toString(), policy.toString())).isZero();
    assertThat(captured.out()).isEmpty();
    assertThat(captured.err()).contains("0 of 2 stream types disturbed");
  }

  @Test
  void anUnknownKeyIsAWarningOrInStrictModeAnError() throws IOException {
    Path odd = folder.resolve("odd.json");
    Files.writeString(odd, POLICY.replace("\"retry\": \"default\"", "\"retri\": \"default\""));

    assertThat(run("check", odd.toString())).isZero();
    assertThat(captured.out()).contains("warning[UNKNOWN_KEY] at $.s[0].fetch.retri: ");
    assertThat(run("check", "--strict", odd.toString())).isEqualTo(2);
    assertThat(captured.out()).contains("error[UNKNOWN_KEY] at $.s[0].fetch.retri: ");
  }

  @Test
  void whatIsUnwiseIsAWarningThatCanBeSilenced() throws IOException {
    Path unwise = folder.resolve("unwise.json");
    Files.writeString(unwise, POLICY.replace("127.0.0.1", "example.test"));

    assertThat(run("check", unwise.toString())).isZero();
    assertThat(captured.out().lines())
        .filteredOn(line -> line.contains("warning[PLAINTEXT]"))
        .hasSize(2);
    String out = captured.out();
    assertThat(run("check", "--silence", "PLAINTEXT", unwise.toString())).isZero();
    assertThat(captured.out()).isEqualTo(out);
  }

  @Test
  void unusedDefinitionsAreToldIfAskedFor() throws IOException {
    Path idle = folder.resolve("idle.json");
    Files.writeString(idle, POLICY.replace("\"retry\": \"default\"", "\"x-retry\": 0"));

    assertThat(run("check", idle.toString())).isZero();
    assertThat(captured.out()).isEmpty();
    assertThat(run("check", "--unused", idle.toString())).isZero();
    assertThat(captured.out()).contains("warning[SUSPICIOUS] at $.retry[0].default: ");
  }

  @Test
  void aMisspeltCodeIsToldWithTheOneThatWasMeant() {
    assertThat(run("check", "--silence", "PLAINTXT", policy.toString())).isEqualTo(2);
    assertThat(captured.err()).contains("did you mean 'PLAINTEXT'?");
  }

  @Test
  void overlaysAreCheckedInTheirOrderUponThePolicy() throws IOException {
    Path first = Files.writeString(folder.resolve("1.json"), overlay("\"http_method\": \"PUT\""));
    Path bad = Files.writeString(folder.resolve("2.json"), overlay("\"retry\": \"nope\""));
    Path third = Files.writeString(folder.resolve("3.json"), overlay("\"retry\": \"default\""));
    String file = policy.toString();

    assertThat(run("check", file, "--overlay", first.toString(), "--overlay", third.toString()))
        .isZero();
    assertThat(captured.err()).contains("1.json: ok, ", "3.json: ok, ");
    assertThat(run("check", file, "--overlay", bad.toString(), "--overlay", third.toString()))
        .isEqualTo(2);
    assertThat(captured.out()).contains(bad + ":1:26: error[UNKNOWN_REF] at $.s[0].fetch.retry: ");
    assertThat(captured.err()).contains("2.json: 1 error");
  }

  @Test
  void anOverlayNeedsAPolicyToLieUpon() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.json"), "{}");

    assertThat(run("check", bad.toString(), "--overlay", policy.toString())).isEqualTo(2);

    assertThat(captured.err()).contains("sstream: " + policy + " needs a policy without errors\n");
  }

  private static String overlay(String member) {
    return "{\"s\":[{\"fetch\":{" + member + "}}]}";
  }

  @Test
  void aMissingFileIsOneSentence() {
    assertThat(run("check", "nowhere.json")).isEqualTo(2);
    assertThat(run("connect", "nowhere.json", "fetch")).isEqualTo(2);

    assertThat(captured.err().lines().toList())
        .containsExactly(
            "sstream: there is no file nowhere.json", "sstream: there is no file nowhere.json");
  }

  @Test
  void anUnknownStreamTypeIsToldWithTheOneThatWasMeant() {
    assertThat(run("connect", policy.toString(), "fecth")).isEqualTo(2);
    assertThat(captured.err())
        .contains("there is no stream type 'fecth'")
        .contains("did you mean 'fetch'?");
  }

  @Test
  void aServerIsNotConnectedAndAClientNotServed() {
    assertThat(run("connect", policy.toString(), "site")).isEqualTo(2);
    assertThat(captured.err()).contains("'site' is a server stream type").contains("sstream serve");

    assertThat(run("serve", policy.toString(), "fetch")).isEqualTo(2);
    assertThat(captured.err())
        .contains("'fetch' is not a server stream type")
        .contains("sstream connect");
  }

  @ParameterizedTest(name = "-m {0}")
  @ValueSource(strings = {"lang", "=x", "lagn=x"})
  void badMetadataIsAMistake(String assignment) {
    assertThat(run("connect", policy.toString(), "fetch", "-m", assignment)).isEqualTo(2);
    assertThat(captured.err().lines()).hasSize(1).allMatch(line -> line.contains("sstream: "));
  }

  @Test
  void badOptionsAreMistakesInOneSentenceAndAPointer() {
    assertThat(run("connect", policy.toString(), "fetch", "--for", "3q")).isEqualTo(2);
    assertThat(captured.err().lines().toList())
        .hasSize(2)
        .last()
        .isEqualTo("See: sstream connect --help");
  }

  @Test
  void aMimeThatNoMetadataCarriesIsAMistake() {
    assertThat(run("serve", policy.toString(), "site", "--mime", "text/plain")).isEqualTo(2);
    assertThat(captured.err()).contains("maps to content-type");
  }

  @Test
  void aFileToSendMustBeThere() {
    assertThat(run("connect", policy.toString(), "fetch", "--tx", "a", "--tx-file", "nowhere.bin"))
        .isEqualTo(2);
    assertThat(captured.err()).isEqualTo("sstream: there is no file nowhere.bin\n");
  }

  @Test
  void retryShowsTheTableAndDrawsThePlot() throws IOException {
    Path plot = folder.resolve("plot.svg");

    assertThat(run("retry", policy.toString(), "default", "--seed", "1", "--plot", plot.toString()))
        .isZero();

    assertThat(captured.out().lines().toList())
        .hasSize(5)
        .first()
        .isEqualTo(
            "retry scheme 'default': 2 retries, then ALL_RETRIES_FAILED; jitter adds up to 10 %");
    assertThat(Files.readString(plot)).startsWith("<svg ").endsWith("</svg>\n");
  }

  @Test
  void anUnknownRetrySchemeIsAMistake() {
    assertThat(run("retry", policy.toString(), "defualt")).isEqualTo(2);
    assertThat(captured.err()).contains("did you mean 'default'?");
  }

  @Test
  void theDiagramIsMermaidWithEveryState() {
    assertThat(run("state-diagram")).isZero();
    assertThat(captured.out())
        .startsWith("stateDiagram-v2\n")
        .contains("CONNECTING --> UNREACHABLE\n")
        .contains("UNREACHABLE --> ALL_RETRIES_FAILED\n");
  }

  @Test
  void theSchemaIsForEditorsOrForPeople() {
    assertThat(run("schema")).isZero();
    assertThat(captured.out()).isEqualTo(PolicySchema.json());
    assertThat(run("schema", "--markdown")).isZero();
    assertThat(captured.out()).isEqualTo(PolicySchema.json() + PolicyReference.markdown());
  }

  @ParameterizedTest(name = "{0} --help")
  @ValueSource(
      strings = {
        "demo",
        "check",
        "generate",
        "show",
        "retry",
        "connect",
        "serve",
        "state-diagram",
        "schema",
        "generate-completion"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(captured.out()).startsWith("Usage: sstream " + command);
  }

  @Test
  void completionIsGenerated() {
    assertThat(run("generate-completion")).isZero();
    assertThat(captured.out()).contains("complete -F _complete_sstream").contains("--until");
  }

  @ParameterizedTest(name = "{0} is not offered")
  @ValueSource(strings = {"diff", "proxy"})
  void laterCommandsAreNotOffered(String command) {
    assertThat(run(command)).isEqualTo(2);
  }

  @Test
  void aWrongCommandIsToldWithTheOneThatWasMeant() {
    assertThat(run("chekc")).isEqualTo(2);
    assertThat(captured.err()).contains("check");
    assertThat(run()).isEqualTo(2);
  }

  private int run(String... args) {
    return SStream.run(captured.terminal(), SecureStreams::builder, args);
  }
}
