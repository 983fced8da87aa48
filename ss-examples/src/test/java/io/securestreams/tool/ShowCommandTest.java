package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.SecureStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowCommandTest {

  private static final String POLICY =
      """
      {
        "release": "7",
        "retry": [{ "quick": { "backoff": [100, 200], "conceal": 2 } }, { "other": {} }],
        "s": [
          { "fetch": { "endpoint": "h.example", "port": 80, "protocol": "h1",
                       "http_method": "GET", "retry": "quick", "timeout_ms": 5000 } },
          { "feed": { "endpoint": "h.example", "port": 443, "protocol": "ws" } }
        ]
      }
      """;

  @TempDir private Path folder;

  private final Captured captured = new Captured();
  private String policy = "";

  @BeforeEach
  void writePolicy() throws IOException {
    policy = Files.writeString(folder.resolve("policy.json"), POLICY).toString();
  }

  private int run(String... args) {
    return SStream.run(captured.terminal(), SecureStreams::builder, args);
  }

  private String overlay(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void everyPartOfThePolicyIsShownWithItsDefaults() {
    assertThat(run("show", policy)).isZero();

    List<String> lines = captured.out().lines().toList();
    assertThat(lines.stream().filter(line -> !line.startsWith(" ") && !line.isEmpty()))
        .containsExactly("policy", "retry quick", "retry other", "s fetch", "s feed");
    assertThat(lines)
        .contains(
            "  release                          7",
            "  product                          -",
            "  schema-version                   1",
            "  backoff                          100, 200",
            "  backoff                          3000  (default)",
            "  jitterpc                         30 percent  (default)",
            "  timeout_ms                       5000 ms",
            "  timeout_ms                       0 ms  (default)",
            "  http_url                         /  (default)")
        .noneMatch(line -> line.contains("mqtt"));
    assertThat(captured.err()).isEmpty();
  }

  @Test
  void oneStreamTypeIsShownWithWhatItRefersTo() {
    assertThat(run("show", policy, "fetch")).isZero();

    assertThat(captured.out().lines())
        .contains("policy", "retry quick", "s fetch")
        .doesNotContain("retry other", "s feed");
  }

  @Test
  void anUnknownStreamTypeIsToldWithTheOneThatWasMeant() {
    assertThat(run("show", policy, "fecth")).isEqualTo(2);
    assertThat(captured.err())
        .isEqualTo(
            "sstream: there is no stream type 'fecth' in " + policy + "; did you mean 'fetch'?\n");
    assertThat(captured.out()).isEmpty();
  }

  @Test
  void overlaysAreLaidInTheirOrder() throws IOException {
    String first = overlay("1.json", "{\"s\": [{\"fetch\": {\"port\": 81, \"tls\": true}}]}");
    String second = overlay("2.json", "{\"s\": [{\"fetch\": {\"port\": 82}}]}");

    assertThat(run("show", policy, "fetch", "--overlay", first, "--overlay", second)).isZero();

    assertThat(captured.out().lines())
        .contains(
            "  port                             82", "  tls                              true");
  }

  @Test
  void anOverlayThatDoesNotFitIsRefused() throws IOException {
    String bad = overlay("bad.json", "{\"s\": [{\"fetch\": {\"port\": -1}}]}");

    assertThat(run("show", policy, "--overlay", bad)).isEqualTo(2);

    assertThat(captured.err())
        .contains(bad + ":1:27: error[RANGE] at $.s[0].fetch.port: ")
        .endsWith("sstream: " + bad + " cannot be used: 1 error\n");
    assertThat(captured.out()).isEmpty();
  }

  @Test
  void jsonHasThemByName() {
    assertThat(run("show", policy, "feed", "--json")).isZero();

    assertThat(captured.out())
        .startsWith("{\n  \"release\": \"7\",\n  \"product\": null,\n  \"schema-version\": 1,\n")
        .contains("\"s\": {\n    \"feed\": {", "\"ws_binary\": false", "\"http_url\": \"/\"")
        .contains("\"retry\": {}")
        .endsWith("}\n");
  }
}
