package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The schema in the hands of a validator that is not ours. */
class PolicySchemaTest {

  private static final String STREAM =
      "\"endpoint\":\"h\",\"port\":80,\"protocol\":\"h1\",\"http_method\":\"GET\"";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_YAML_COMMENTS).build();

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

  private static final Schema SCHEMA = REGISTRY.getSchema(PolicySchema.json());

  private static final int ROUNDS = 1000;

  private static final List<String> VALUES =
      List.of(
          "0",
          "1",
          "4",
          "100",
          "70000",
          "-1",
          "1.0",
          "true",
          "false",
          "null",
          "\"\"",
          "\"h1\"",
          "\"h1get\"",
          "\"mqtt\"",
          "\"raw\"",
          "\"a b\"",
          "\"${x}\"",
          "\"https://h:1/\"",
          "\"x-y:\"",
          "[]",
          "[{}]",
          "[{\"a\":\"\"}]",
          "[{\"0404\":1404}]",
          "[1]",
          "{}");

  /** What a schema of single values can see. */
  private static final Set<FindingCode> OF_ONE_VALUE =
      Set.of(FindingCode.TYPE, FindingCode.RANGE, FindingCode.UNKNOWN_KEY);

  static Stream<Arguments> samples() {
    return Stream.of(SampleFiles.SAMPLES, SampleFiles.SAMPLES.resolve("overlays"))
        .flatMap(folder -> SampleFiles.policies(folder).stream())
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  static Stream<Arguments> mistakes() {
    return SampleFiles.policies(SampleFiles.SAMPLES.resolve("invalid")).stream()
        .map(file -> Arguments.of(SampleFiles.name(file), file));
  }

  private static List<Error> errors(String policy) {
    JsonNode document = JSON.readTree(policy);
    return SCHEMA.validate(document);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @Test
  void isASchemaOfDraft07() {
    Schema meta = REGISTRY.getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema"));

    assertThat(meta.validate(PolicySchema.json(), InputFormat.JSON)).isEmpty();
    assertThat(meta.validate("{\"type\":\"text\"}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void theFileThatEditorsUseIsTheOneOfTheTable() throws IOException {
    assertThat(read(SampleFiles.SAMPLES.resolve("schema/policy.schema.json")))
        .as("write it with: sstream schema")
        .isEqualTo(PolicySchema.json());
  }

  @Test
  void theJarHoldsIt() throws IOException {
    try (InputStream shipped =
        PolicyParser.class.getResourceAsStream(
            "/io/securestreams/core/policy/policy.schema.json")) {
      assertThat(shipped).isNotNull();
      assertThat(new String(shipped.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(PolicySchema.json());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void acceptsEverySample(String name, Path policy) throws IOException {
    assertThat(errors(read(policy))).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void seesWhatIsWrongWithAValue(String name, Path policy) throws IOException {
    PolicyParse parse = SampleFiles.parse(policy);
    Set<FindingCode> codes = codes(parse);
    if (codes.contains(FindingCode.SYNTAX)) {
      assertThat(parse.database()).as("it is no JSON").isEmpty();
      return;
    }

    List<Error> errors = errors(read(policy));

    if (codes.stream().anyMatch(OF_ONE_VALUE::contains)) {
      assertThat(errors).isNotEmpty();
    } else if (parse.database().isPresent()) {
      assertThat(errors).isEmpty();
    } else {
      assertThat(parse.findings()).anyMatch(Finding::isError);
    }
  }

  private static Set<FindingCode> codes(PolicyParse parse) {
    return Set.copyOf(parse.findings().stream().map(Finding::code).toList());
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void everyKeyIsTold(PolicyKey key) {
    JsonNode schema = JSON.readTree(PolicySchema.json());
    JsonNode object =
        key.section() == KeySection.POLICY
            ? schema
            : schema.path("definitions").path(key.section().definition());

    JsonNode property = object.path("properties").path(key.key());

    assertThat(property.path("title").asString()).isEqualTo(key.key());
    assertThat(property.path("description").asString()).startsWith(KeySentence.of(key));
    assertThat(property.has("deprecated")).isEqualTo(key.support() == Support.GONE);
    key.alias()
        .ifPresent(
            alias ->
                assertThat(object.path("properties").path(alias).path("deprecated").asBoolean())
                    .isTrue());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | \"release\":\"1\"",
        "false | \"Release\":\"1\"",
        "true  | \"x-note\":1,\"_note\":{}",
        "true  | \"trust_stores\":[{\"t\":[\"c\"]}]",
        "true  | \"trust_stores\":[{\"t\":[\"c\"],\"u\":[\"c\"]}]",
        "true  | \"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"],\"x-note\":1}]",
        "false | \"trust_stores\":[{\"name\":\"t\",\"stack\":[]}]",
        "false | \"trust_stores\":[{\"t\":[]}]",
        "false | \"trust_stores\":[{}]",
        "false | \"trust_stores\":[{\"name\":\"t\"}]",
        "false | \"trust_stores\":[{\"name\":\"t\",\"stack\":[\"c\"],\"u\":[\"c\"]}]",
        "false | \"retry\":[{\"\":{}}]",
        "true  | \"retry\":[{\"a\":{},\"b\":{}},{}]",
        "false | \"retry\":[{\"a\":{\"backoff\":[1,2,3,4,5,6,7,8,9]}}]",
        "false | \"auth\":[{\"type\":\"sigv4\"}]",
        "false | \"auth\":[{\"name\":\"a\",\"type\":\"lwa\"}]",
        "false | \"metrics\":[{\"report\":\"n.*\"}]",
        "false | \"via-socks5\":\"127.0.0.1\"",
        "true  | \"via-socks5\":\"u:p@[::1]:1080\"",
      })
  void readsTheDocumentAsThePolicyLanguageDoes(boolean accepted, String member) {
    assertThat(errors("{" + member.strip() + ",\"s\":[]}").isEmpty()).isEqualTo(accepted);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | \"protocol\":\"h2get\"",
        "false | \"protocol\":\"h2put\"",
        "false | \"protocol\":7",
        "true  | \"plugins\":[1]",
        "true  | \"client cert\":0,\"mqtt qos\":1,\"aux\":\"x\"",
        "false | \"mqtt qos\":3",
        "false | \"http_method\":\"GET x\"",
        "false | \"http_url\":\"a b\"",
        "true  | \"http_url\":\"a?b=${c}\"",
        "false | \"endpoint\":\"\"",
        "false | \"ws_subprotocol\":\"a,\"",
        "true  | \"ws_subprotocol\":\"a, b\"",
        "true  | \"http_auth_header\":\"authorization:\"",
        "false | \"http_auth_header\":\"a:b\"",
        "true  | \"metadata\":[{\"a\":\"\"},{\"b\":\"x-b:\",\"c\":\"x-c\"}]",
        "false | \"metadata\":[{\"a\":\"x y\"}]",
        "false | \"metadata\":[{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":\"\"}]",
        "true  | \"http_resp_map\":[{\"500\":1500,\"401\":4}]",
        "false | \"http_resp_map\":[{\"500\":999}]",
        "false | \"http_resp_map\":[{\"600\":1600}]",
        "true  | \"options\":[{\"a\":\"b\"}]",
        "true  | \"via-socks5\":\"\"",
        "false | \"retry\":\"\"",
      })
  void readsAStreamTypeAsThePolicyLanguageDoes(boolean accepted, String members) {
    String policy = "{\"s\":[{\"a\":{\"x-v\":0," + members.strip() + "}}]}";

    assertThat(errors(policy).isEmpty()).isEqualTo(accepted);
  }

  @Test
  void namesOfStreamTypesKeepToTheirForm() {
    assertThat(errors("{\"s\":[{\"_own\":{" + STREAM + "}}]}")).isEmpty();
    assertThat(errors("{\"s\":[{\"_lws_smd\":{" + STREAM + "}}]}")).isNotEmpty();
    assertThat(errors("{\"s\":[{\"a\\nb\":{" + STREAM + "}}]}")).isEmpty();
    assertThat(errors("{\"s\":{}}")).isNotEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whatThePolicyParserLoadsItAccepts(long seed) throws IOException {
    Random random = new Random(seed);
    List<JsonNode> originals = new ArrayList<>();
    for (Path file : SampleFiles.policies(SampleFiles.SAMPLES)) {
      originals.add(JSON.readTree(read(file)));
    }
    int loaded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode policy = originals.get(random.nextInt(originals.size())).deepCopy();
      replaceOne(policy, random);
      PolicyParse parse = PolicyParser.lenient().parse(policy.toString(), "p");

      if (parse.database().isPresent() && !codes(parse).contains(FindingCode.UNKNOWN_KEY)) {
        loaded++;
        assertThat(SCHEMA.validate(policy)).as("seed %d: %s", seed, policy).isEmpty();
      }
    }

    assertThat(loaded).isGreaterThan(50);
  }

  /** Sets one member somewhere to another value that some key may have. */
  private static void replaceOne(JsonNode policy, Random random) {
    List<ObjectNode> objects = new ArrayList<>();
    gather(policy, objects);
    objects.removeIf(JsonNode::isEmpty);
    ObjectNode object = objects.get(random.nextInt(objects.size()));
    List<String> names = new ArrayList<>(object.propertyNames());
    String name = names.get(random.nextInt(names.size()));
    object.set(name, JSON.readTree(VALUES.get(random.nextInt(VALUES.size()))));
  }

  private static void gather(JsonNode node, List<ObjectNode> objects) {
    if (node instanceof ObjectNode object) {
      objects.add(object);
    }
    node.forEach(child -> gather(child, objects));
  }
}
