package io.securestreams.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.json.PolicyParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySourceTest {

  private static final Path SAMPLES = Path.of("..", "policy-samples");

  static Stream<String> samples() {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static PolicyDatabase sample(String name) {
    return PolicyParser.lenient().parse(SAMPLES.resolve(name)).orThrow();
  }

  private static PolicyDatabase parsed(String text) {
    return PolicyParser.lenient().parse(text, "policy").orThrow();
  }

  private static String source(PolicyDatabase database) {
    return PolicySource.of(database, "com.example", "StaticPolicy", "policy.json").text();
  }

  private static PolicyDatabase again(PolicyDatabase database) {
    return InMemoryCompiler.databaseOf("com.example.StaticPolicy", source(database));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void theClassOfASampleGivesWhatTheParserGives(String name) {
    PolicyDatabase database = sample(name);

    PolicyDatabase again = again(database);

    assertThat(again).isEqualTo(database);
    assertThat(List.copyOf(again.streamTypes().keySet()))
        .isEqualTo(List.copyOf(database.streamTypes().keySet()));
    assertThat(source(again)).isEqualTo(source(database));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theClassOfAnyDatabaseGivesAnEqualOne(long seed) {
    PolicyDatabase database = new RandomPolicies(seed).next();

    assertThat(again(database)).isEqualTo(database);
  }

  @Test
  void whatIsDefinedByNameExistsOnce() {
    PolicyDatabase again = again(sample("h1-own-ca.json"));

    StreamType fetch = again.streamTypes().values().iterator().next();
    assertThat(fetch.retry().orElseThrow())
        .isSameAs(again.retryScheme(fetch.retry().orElseThrow().name()).orElseThrow());
    TlsSettings tls = fetch.tls().orElseThrow();
    assertThat(tls.trustStore().orElseThrow())
        .isSameAs(again.trustStores().get(tls.trustStore().orElseThrow().name()));
    CertificateEntry authority = tls.trustStore().orElseThrow().stack().get(0);
    assertThat(authority).isSameAs(again.certificates().get(authority.name()));
  }

  @Test
  void thousandsOfStreamTypesFitIntoClassFiles() {
    StringBuilder streams = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      streams.append(
          """
          %s{"stream-%d": {"endpoint": "host-%d.example", "port": %d, "protocol": "h1",
            "http_method": "GET", "http_url": "v1/items/%d/${id}", "http_resp_map": [{"409": %d}],
            "metadata": [{"id": ""}, {"x%d": "x-header-%d:"}], "retry": "default", "tls": true}}"""
              .formatted(i == 0 ? "" : ",", i, i, i + 1, i, 1000 + i, i, i));
    }
    PolicyDatabase database =
        parsed(
            "{\"retry\":[{\"default\":{\"backoff\":[1000],\"conceal\":5}}],\"s\":["
                + streams
                + "]}");

    PolicyDatabase again = again(database);

    assertThat(again.streamTypes()).hasSize(2000);
    assertThat(again).isEqualTo(database);
  }

  @Test
  void aCertificateMayBeLongerThanAConstant() {
    byte[] der = new byte[65_536];
    new Random(1).nextBytes(der);
    PolicyDatabase none = parsed("{\"s\":[]}");
    PolicyDatabase database =
        new PolicyDatabase(
            none.release(),
            none.product(),
            1,
            none.proxy(),
            Map.of(),
            Map.of("large", new CertificateEntry("large", der)),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of());

    assertThat(again(database)).isEqualTo(database);
  }

  @Test
  void namesThatAreOneIdentifierStayApart() {
    PolicyDatabase database =
        parsed(
            """
            {"retry": [{"a-b": {"conceal": 1}, "a_b": {"conceal": 2}, "A b": {"conceal": 3},
                        "1": {"conceal": 4}, "\u00E9": {"conceal": 5}, "default": {"conceal": 6}}],
             "s": []}
            """);

    assertThat(again(database)).isEqualTo(database);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "PolicyDatabase",
        "StreamType",
        "List",
        "Map",
        "Optional",
        "RetryScheme",
        "RetrySchemes",
        "Parts",
        "Base64",
        "Template",
        "Gr\u00FCn"
      })
  void theClassMayBeCalledLikeOneThatItUses(String className) {
    PolicyDatabase database = sample("https-server.json");

    String source = PolicySource.of(database, "com.example", className, "p").text();

    assertThat(InMemoryCompiler.databaseOf("com.example." + className, source)).isEqualTo(database);
  }

  @Test
  void theLabelCannotEndItsComment() {
    for (String label : List.of("C:\\users\\p.json", "a\nclass B {}", "*/ x", "\u00E9\u2028")) {
      String source = PolicySource.of(parsed("{\"s\":[]}"), "com.example", "P", label).text();

      assertThat(InMemoryCompiler.compile("com.example.P", source))
          .containsOnlyKeys("com.example.P");
    }
  }

  @Test
  void secretsAreNamedAndWarnedOf() {
    PolicySource with = PolicySource.of(sample("https-server.json"), "p", "P", "p.json");
    PolicySource proxied =
        PolicySource.of(
            parsed("{\"via-socks5\":\"me:secret@proxy.example:1080\",\"s\":[]}"), "p", "P", "p");
    PolicySource without = PolicySource.of(sample("h1-own-ca.json"), "p", "P", "p.json");

    assertThat(with.secrets()).containsExactly("private key 'localhost_key'");
    assertThat(with.text()).contains("<b>It contains secrets:</b>");
    assertThat(proxied.secrets()).containsExactly("password of the proxy 'proxy.example'");
    assertThat(without.secrets()).isEmpty();
    assertThat(without.text()).doesNotContain("secret");
  }

  @Test
  void theSecretsOfASourceAreNotPrinted() {
    PolicyDatabase database = sample("https-server.json");
    byte[] key = database.certificates().get("localhost_key").der();

    PolicySource source = PolicySource.of(database, "p", "P", "p.json");

    assertThat(source.toString())
        .isEqualTo("PolicySource[P, " + source.text().length() + " characters]");
    assertThat(source.text().replaceAll("\"\\s*\\+ \"", ""))
        .contains(Base64.getEncoder().encodeToString(key));
  }

  @ParameterizedTest(name = "package {0}")
  @ValueSource(strings = {"", "a.", "1a", "a.class", "a-b", "java.x", "java", "a;b", "a b"})
  void refusesWhatIsNoPackage(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicySource.of(parsed("{\"s\":[]}"), name, "P", "p"))
        .withMessageContaining("'" + name + "' cannot be the name of a package");
  }

  @ParameterizedTest(name = "class {0}")
  @ValueSource(strings = {"", "a.B", "1", "class", "record", "var", "true", "A B", "A{}", "_"})
  void refusesWhatIsNoClass(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicySource.of(parsed("{\"s\":[]}"), "p", name, "p"))
        .withMessageContaining("'" + name + "' cannot be the name of a class");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"String", "SafeVarargs", "Object", "Override"})
  void namesOfJavaLangAreTaken(String name) {
    PolicyDatabase database = new RandomPolicies(1).next();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicySource.of(database, "com.example", name, "policy.json"))
        .withMessage("'" + name + "' is a class of java.lang already; give another name");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "Map", "List", "Optional", "OptionalInt", "ArrayList", "LinkedHashMap", "Base64", "Set",
        "EnumSet", "PolicyDatabase", "StreamType", "Template", "Parts", "StreamTypes", "T", "K",
        "java", "io"
      })
  void aNameThatTheSourceUsesForSomethingElseCompiles(String name) {
    PolicyDatabase database = new RandomPolicies(1).next();
    String source = PolicySource.of(database, "com.example", name, "policy.json").text();

    assertThat(InMemoryCompiler.databaseOf("com.example." + name, source)).isEqualTo(database);
  }
}
