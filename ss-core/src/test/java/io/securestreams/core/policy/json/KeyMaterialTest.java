package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys that were put where a name belongs. The keys here serve nothing else. */
class KeyMaterialTest {

  private static final String ED25519 =
      "MC4CAQAwBQYDK2VwBCIEIA3EAJhNDPA7z1O/s3FDLQAvVgvatj7d1lOHZVQZJ+Z/";
  private static final String PEM =
      "-----BEGIN PRIVATE KEY-----\\n" + ED25519 + "\\n-----END PRIVATE KEY-----\\n";

  /** What is left of it in base64 behind the part that all such keys share. */
  private static final String REST = ED25519.substring(24, 40);

  private static final String SERVER =
      "'s':[{'a':{'server':true,'port':1,'protocol':'h1','tls':true,%s}}]";
  private static final String STORE =
      "'s':[{'a':{'endpoint':'h','port':1,'protocol':'h1','http_method':'GET','tls':true,"
          + "'tls_trust_store':'%1$s'}}]";

  static Stream<Arguments> places() {
    List<Arguments> places = new ArrayList<>();
    for (String key : List.of(ED25519, PEM, ED25519.substring(0, 59), "\\n " + ED25519)) {
      places.add(Arguments.of("server_cert", SERVER, "'server_cert':'" + key + "'", 1));
      places.add(Arguments.of("server_key", SERVER, "'server_key':'" + key + "'", 1));
      places.add(
          Arguments.of("server_key", SERVER, "'server_key':'k'},'" + key + "':{'server':true", 1));
      places.add(Arguments.of("tls_trust_store", STORE, key, 1));
      places.add(
          Arguments.of("stack[0]", "'trust_stores':[{'name':'t','stack':['%s']}],'s':[]", key, 1));
      places.add(Arguments.of("certs[0]", "'certs':[{'%1$s':'AA'},{'%1$s':'AA'}],'s':[]", key, 3));
      places.add(
          Arguments.of(
              "trust_stores[0][(not shown",
              "'s':[],'trust_stores':[{'%1$s':['%1$s']}],'certs':[{'%1$s':'AA'}]",
              key,
              2));
    }
    return places.stream();
  }

  @ParameterizedTest(name = "{0} with {2}")
  @MethodSource("places")
  void isNotShownWhereANameBelongs(String place, String policy, String given, int least) {
    String text = "{" + policy.formatted(given).replace('\'', '"') + "}";

    List<Finding> findings = PolicyParser.lenient().parse(text, "policy").findings();

    assertThat(findings).hasSizeGreaterThanOrEqualTo(least);
    assertThat(findings).anySatisfy(finding -> assertThat(finding.path()).contains(place));
    assertThat(findings)
        .allSatisfy(
            finding -> assertThat(finding.toString()).doesNotContain(REST).doesNotContain("BEGIN"));
  }

  @Test
  void saysWhatIsAmiss() {
    String text = "{" + SERVER.formatted("'server_key':'" + ED25519 + "'").replace('\'', '"') + "}";

    assertThat(PolicyParser.lenient().parse(text, "policy").findings())
        .extracting(Finding::message)
        .contains(
            "no certificate (not shown: it looks like a private key);"
                + " give the name of one, not what it stands for");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "localhost_key",
        "MC4CAQAw",
        "MII",
        "a-certificate-with-a-rather-long-name-2026",
        "MAIN_PRODUCTION_SERVER_CERTIFICATE_2026_EUROPE"
      })
  void isNotSeenInNames(String name) {
    assertThat(KeyMaterial.quoted(name)).isEqualTo("'" + name + "'");
  }

  @Test
  void isSeenWhateverTheLengthOfTheKey() {
    assertThat(KeyMaterial.isIn(Certificates.SERVER_KEY)).isTrue();
    assertThat(KeyMaterial.isIn("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC")).isTrue();
    assertThat(KeyMaterial.isIn("MIIEowIBAAKCAQEAxk2m9WQ0qf3n8Y7b")).isTrue();
    assertThat(KeyMaterial.isIn("MHcCAQEEIIjmdZEyO/JycL5OohF+Q1hv")).isTrue();
    assertThat(KeyMaterial.isIn(Certificates.SERVER)).isFalse();
  }
}
