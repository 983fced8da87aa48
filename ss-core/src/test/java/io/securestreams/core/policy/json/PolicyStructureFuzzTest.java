package io.securestreams.core.policy.json;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.JsonNode.Child;
import io.securestreams.core.policy.json.JsonNode.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are JSON, have the keys of policies, and say something else. */
class PolicyStructureFuzzTest {

  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "-0",
          "0",
          "1",
          "2",
          "3",
          "4",
          "7",
          "8",
          "9",
          "99",
          "100",
          "199",
          "255",
          "256",
          "254",
          "599",
          "600",
          "999",
          "1000",
          "65535",
          "65536",
          "4294967295",
          "4294967296",
          "1.0",
          "1e3",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "1E-400",
          "1e400");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "h1",
          "h2",
          "h3",
          "ws",
          "mqtt",
          "raw",
          "h1get",
          "h2post",
          "GET",
          "POST x",
          "${id}",
          "${",
          "${}",
          "$",
          "a${id}b${id}",
          "+/tmp/x",
          "+@x",
          "!vhost",
          "file:///x",
          "http://h/",
          "https://h:1/x",
          "wss://h",
          "mqtt://h",
          "foo://h",
          "[::1]",
          "127.0.0.1:1",
          ":",
          "a/+/b",
          "#",
          "a/#",
          "$aws/things",
          "content-type:",
          "Content-Length",
          "x y:",
          "host",
          "u:p@h:1",
          "h:0",
          "h:65536",
          "u:p@[::1]:1080",
          "sigv4",
          "_lws_smd",
          "n.*,n.ss.*",
          "name",
          "\u00E9\u20AC\uD83D\uDE00",
          "\uD800",
          "\uDC00x",
          "\0",
          "\n",
          "\u0085",
          "\u2028",
          "\"\\",
          "-----BEGIN CERTIFICATE-----",
          "AAAA",
          "MIIB*");
  private static final List<String> KEYS =
      Stream.concat(
              Arrays.stream(PolicyKey.values()).map(PolicyKey::key),
              Stream.of(
                  "client cert",
                  "mqtt qos",
                  "http_multipart_content_type",
                  "aux",
                  "Release",
                  "x-y",
                  "_z",
                  "404",
                  "600",
                  "id"))
          .toList();

  private final List<JsonNode> originals = new ArrayList<>();
  private final FuzzCheck check = new FuzzCheck(List.of(Certificates.SERVER_KEY));

  @BeforeEach
  void readOriginals() throws IOException {
    for (Path directory : List.of(SampleFiles.SAMPLES, SampleFiles.SAMPLES.resolve("invalid"))) {
      for (Path file : SampleFiles.policies(directory)) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (SyntaxScanner.scan(new PolicyText("policy", text).text()).isEmpty()) {
          originals.add(JsonNode.read(text));
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void onlyDeclaredFindingsComeOut(long seed) {
    FuzzRounds.run(
        seed,
        random -> {
          PolicyParse parse = check.check(changed(any(random), random).write());
          // No change makes a name of a text.
          parse.findings().forEach(finding -> check.assertHidesSecrets(finding.path()));
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 3)
  void anOverlayChangesThePolicyOrNothing(long seed) {
    List<PolicyDatabase> bases =
        SampleFiles.policies(SampleFiles.SAMPLES).stream()
            .map(file -> SampleFiles.parse(file).orThrow())
            .toList();

    FuzzRounds.run(
        seed,
        random -> {
          PolicyDatabase base = pick(bases, random);
          boolean own = random.nextBoolean();
          JsonNode overlay = own ? JsonNode.read(PolicyWriter.write(base)) : any(random);
          for (int left = random.nextInt(20); own && left > 0; left--) {
            remove(overlay, random);
          }
          check.checkOverlay(base, changed(overlay, random).write());
        });
  }

  /** An overlay says less than a policy. */
  private static void remove(JsonNode root, Random random) {
    List<JsonNode> parents = root.all().stream().filter(n -> !n.children.isEmpty()).toList();
    if (!parents.isEmpty()) {
      List<Child> siblings = pick(parents, random).children;
      siblings.remove(random.nextInt(siblings.size()));
    }
  }

  private JsonNode any(Random random) {
    return pick(originals, random).copy();
  }

  private JsonNode changed(JsonNode root, Random random) {
    for (int change = random.nextInt(5); change >= 0; change--) {
      change(root, random);
    }
    return root;
  }

  private void change(JsonNode root, Random random) {
    List<JsonNode> parents = root.all().stream().filter(node -> !node.children.isEmpty()).toList();
    if (parents.isEmpty()) {
      root.children.add(new Child(pick(KEYS, random), value(root, random)));
      return;
    }
    List<Child> siblings = pick(parents, random).children;
    Child child = pick(siblings, random);
    switch (random.nextInt(10)) {
      case 0 -> child.value = value(root, random);
      case 1 -> child.value = JsonNode.value(pick(NUMBERS, random));
      case 2 -> child.name = misspelt(child.name, random);
      case 3 -> child.name = pick(KEYS, random);
      case 4 -> siblings.add(new Child(child.name, child.value.copy()));
      case 5 -> siblings.remove(child);
      case 6 -> Collections.shuffle(siblings, random);
      case 7 -> child.value = wrapped(child, random);
      case 8 -> pick(parents, random).children.add(new Child(child.name, child.value.copy()));
      default -> siblings.add(new Child(pick(KEYS, random), value(root, random)));
    }
  }

  /** Any value: of each type, of this document, or of another one. */
  private JsonNode value(JsonNode root, Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> JsonNode.value(pick(List.of("null", "true", "false"), random));
      case 1 -> JsonNode.value(pick(NUMBERS, random));
      case 2, 3 -> JsonNode.value(JsonNode.quoted(pick(TEXTS, random)));
      case 4 -> JsonNode.value(JsonNode.quoted("\u20AC".repeat(4095 + random.nextInt(3))));
      case 5 -> JsonNode.empty(pick(List.of(Kind.ARRAY, Kind.OBJECT), random));
      case 6 -> pick(root.all(), random).copy();
      case 7 -> pick(any(random).all(), random).copy();
      default -> JsonNode.value(JsonNode.quoted(nameIn(root, random)));
    };
  }

  /** The name of some member of the document: likely one that a reference could mean. */
  private static String nameIn(JsonNode root, Random random) {
    List<Child> members =
        root.all().stream()
            .filter(node -> node.kind == Kind.OBJECT)
            .flatMap(node -> node.children.stream())
            .toList();
    return members.isEmpty() ? "x" : pick(members, random).name;
  }

  private static JsonNode wrapped(Child child, Random random) {
    JsonNode outer = JsonNode.empty(pick(List.of(Kind.ARRAY, Kind.OBJECT), random));
    outer.children.add(new Child(pick(KEYS, random), child.value));
    return outer;
  }

  private static String misspelt(String name, Random random) {
    int at = random.nextInt(name.length() + 1);
    int next = Math.min(name.length(), at + 1);
    return switch (random.nextInt(4)) {
      case 0 -> name.substring(0, at) + name.substring(next);
      case 1 -> name.substring(0, at) + "_" + name.substring(at);
      case 2 -> name.substring(0, at) + pick(TEXTS, random) + name.substring(next);
      default -> name + name.repeat(random.nextInt(20));
    };
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
