package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.StreamType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyWriterTest {

  private static PolicyDatabase parsed(String text) {
    return PolicyParser.lenient().parse(text, "policy").orThrow();
  }

  private static String written(String text) {
    return PolicyWriter.write(parsed(text));
  }

  static Stream<Arguments> policiesThatLoad() {
    List<Path> files = new ArrayList<>(SampleFiles.policies(SampleFiles.SAMPLES));
    files.addAll(SampleFiles.policies(SampleFiles.SAMPLES.resolve("invalid")));
    return files.stream()
        .filter(file -> SampleFiles.parse(file).database().isPresent())
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("policiesThatLoad")
  void whatWasWrittenIsReadAsItWas(String name, Path file) {
    PolicyDatabase database = SampleFiles.parse(file).orThrow();

    String text = PolicyWriter.write(database);
    PolicyParse again = PolicyParser.strict().parse(text, "written");

    assertThat(again.orThrow()).isEqualTo(database);
    assertThat(PolicyWriter.write(again.orThrow())).isEqualTo(text);
    assertThat(again.findings())
        .extracting(Finding::code)
        .doesNotContain(FindingCode.ALIAS, FindingCode.DEPRECATED);
  }

  @Test
  void definitionsComeBeforeTheirUseEachInItsOwnObject() {
    String text =
        written(
            """
            {"metrics": [{"report": "n.*,  cpu.*", "us_schedule": 5, "name": "m"}],
             "auth": [{"blob": 1, "type": "sigv4", "name": "q"}],
             "via-socks5": "u:p@[::1]:1080", "product": "demo", "release": "7",
             "certs": [{"c": "%s", "d": "%s"}],
             "trust_stores": [{"stack": ["c"], "name": "t"}],
             "retry": [{"r": {"conceal": 5, "backoff": [1, 2]}, "e": {}}],
             "s": [{"a": {"tls_trust_store": "t", "tls": true, "retry": "r", "http_method": "GET",
                          "metadata": [{"m": "X-Y", "n": ""}], "http_resp_map": [{"404": 4}],
                          "protocol": "h1", "port": 443, "endpoint": "h"},
                    "b": {"local_sink": true}}]}
            """
                .formatted(Certificates.CA, Certificates.SERVER));

    assertThat(text)
        .isEqualTo(
            """
            {
              "release": "7",
              "product": "demo",
              "schema-version": 1,
              "via-socks5": "u:p@[::1]:1080",
              "retry": [ {
                "r": {
                  "backoff": [ 1, 2 ],
                  "conceal": 5
                }
              }, {
                "e": {}
              } ],
              "certs": [ {
                "c": "%s"
              }, {
                "d": "%s"
              } ],
              "trust_stores": [ {
                "name": "t",
                "stack": [ "c" ]
              } ],
              "auth": [ {
                "name": "q",
                "type": "sigv4",
                "blob": 1
              } ],
              "metrics": [ {
                "name": "m",
                "us_schedule": 5,
                "report": "n.*, cpu.*"
              } ],
              "s": [ {
                "a": {
                  "endpoint": "h",
                  "port": 443,
                  "protocol": "h1",
                  "retry": "r",
                  "tls": true,
                  "tls_trust_store": "t",
                  "metadata": [ {
                    "m": "x-y:"
                  }, {
                    "n": ""
                  } ],
                  "http_method": "GET",
                  "http_url": "",
                  "http_resp_map": [ {
                    "404": 4
                  } ]
                }
              }, {
                "b": {
                  "local_sink": true
                }
              } ]
            }
            """
                .formatted(Certificates.CA, Certificates.SERVER));
  }

  @Test
  void anEmptyPolicyHasItsVersionAndNoStreamTypes() {
    assertThat(written("{\"s\":[]}")).isEqualTo("{\n  \"schema-version\": 1,\n  \"s\": []\n}\n");
  }

  @Test
  void everyKeyOfAStreamTypeCanBeWritten() {
    List<PolicyKey> keys = new ArrayList<>(PolicyKey.in(KeySection.STREAM));
    keys.removeIf(key -> key.support() == Support.GONE);

    PolicyDatabase none = parsed("{\"s\":[]}");

    assertThat(new StreamMembers(none.proxy()).keys()).containsExactlyElementsOf(keys);
  }

  @Test
  void whatTheReferenceWouldTakeForAStreamTypeComesLast() {
    String text =
        written(
            """
            {"s": [{"a": {"auth_hexify": true, "options": [{"k": "v"}], "endpoint": "h", "port": 1,
                          "protocol": "h1", "http_method": "GET", "client_buflen": 9}}]}
            """);

    assertThat(text.substring(text.indexOf("client_buflen")))
        .startsWith("client_buflen\": 9,\n      \"auth_hexify\": true,\n      \"options\": [");
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({
    "a b c, a b c",
    "ca ca2, ca2 ca",
    "ca2 ca, ca2 ca",
    "a z ab abc, abc ab a z",
    "x default def d, x default def d",
  })
  void aNameComesAfterThoseThatBeginWithIt(String names, String order) {
    List<String> ordered =
        List.copyOf(PolicyTree.safeOrder(new LinkedHashSet<>(List.of(names.split(" ")))));

    assertThat(ordered).containsExactly(order.split(" "));
  }

  @ParameterizedTest(name = "{0} under {1}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, -",
        "-, all:1, -",
        "all:1, all:1, -",
        "own:2, all:1, own:2",
        "own:2, -, own:2",
        "'', all:1, ''",
        "'', -, -",
      })
  void aClientSaysOnlyAProxyThatItWouldNotHaveAnyhow(String own, String all, String said) {
    String top = all == null ? "" : "\"via-socks5\":\"" + all + "\",";
    String member = own == null ? "" : "\"via-socks5\":\"" + own + "\",";
    PolicyDatabase database =
        parsed(
            "{"
                + top
                + "\"s\":[{\"a\":{"
                + member
                + "\"endpoint\":\"h\",\"port\":1,"
                + "\"protocol\":\"h1\",\"http_method\":\"GET\"}}]}");
    StreamType type = database.streamType("a").orElseThrow();

    List<String> members =
        new StreamMembers(database.proxy())
            .of(type).members().stream()
                .filter(it -> it.name().equals("via-socks5"))
                .map(it -> ((JsonValue.Text) it.value()).text())
                .toList();

    assertThat(members).isEqualTo(said == null ? List.of() : List.of(said));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "h, 1",
    "+/run/x, 0",
    "http://h/, 0",
    "h:80, 0",
  })
  void aPortOfZeroIsWrittenWhereOneIsAskedFor(String endpoint, int written) {
    String text =
        "{\"s\":[{\"a\":{\"endpoint\":\""
            + endpoint
            + "\",\"port\":0,"
            + "\"protocol\":\"h1\",\"http_method\":\"GET\"}}]}";

    assertThat(written(text).split("\"port\": 0", -1)).hasSize(written + 1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'\"protocol\":\"h1\",\"http_method\":\"GET\"', 1",
    "'\"protocol\":\"ws\"', 1",
    "'\"protocol\":\"mqtt\"', 0",
    "'\"protocol\":\"raw\"', 0",
    "'\"protocol\":\"h1\",\"server\":true', 0",
  })
  void anEmptyPathIsWrittenOfAnHttpClient(String members, int written) {
    String text = "{\"s\":[{\"a\":{\"endpoint\":\"h\",\"port\":1," + members + "}}]}";

    assertThat(written(text).split("\"http_url\": \"\"", -1)).hasSize(written + 1);
  }

  @Test
  void textsAreEscapedAsJsonAsks() {
    String text = "{\"product\":\"\\u0001\\\"\\\\\\n\\ud83d\\ude00\u00e9\u007f\",\"s\":[]}";

    assertThat(written(text)).contains("\"\\u0001\\\"\\\\\\n\ud83d\ude00\u00e9\u007f\"");
    assertThat(parsed(written(text))).isEqualTo(parsed(text));
  }
}
