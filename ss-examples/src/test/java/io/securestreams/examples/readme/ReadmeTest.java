package io.securestreams.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what is compiled, tested and run. */
class ReadmeTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION =
      Pattern.compile(
          "^ *// region \\S+\\n(.*?)^ *// endregion", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  private final String readme = read(ROOT.resolve("README.md"));

  @Test
  void everyJavaSnippetIsAMarkedRegionOfCompiledSource() {
    assertThat(blocks("java")).hasSizeGreaterThanOrEqualTo(4).isSubsetOf(regions());
  }

  @Test
  void thePolicyIsTheOneThatIsTested() {
    assertThat(blocks("json")).containsExactly(read(Path.of("src/test/resources/policy.json")));
  }

  @Test
  void theCommandsToStartWithAreThoseOfTheBuildScript() {
    String script = read(ROOT.resolve(".ci/run"));

    List<String> commands =
        blocks("sh").get(0).lines().map(line -> line.replaceFirst(" *#.*", "")).toList();

    assertThat(commands).containsExactly("mvn -q compile exec:java", "mvn verify");
    for (String command : commands) {
      assertThat(script).contains("'" + command + "'");
      assertThat(script)
          .containsPattern("(?m)^ *(timeout \\d+ )?" + command.replace("mvn ", "mvn -B -ntp "));
    }
  }

  @Test
  void everyLinkToAFileLeadsSomewhere() {
    Matcher matcher = LINK.matcher(readme);
    Set<String> dead = new TreeSet<>();
    while (matcher.find()) {
      if (!Files.exists(ROOT.resolve(matcher.group(1)))) {
        dead.add(matcher.group(1));
      }
    }

    assertThat(dead).isEmpty();
  }

  private List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(readme);
    while (matcher.find()) {
      if (matcher.group(1).equals(language)) {
        blocks.add(matcher.group(2));
      }
    }
    return blocks;
  }

  private static List<String> regions() {
    List<String> regions = new ArrayList<>();
    for (Path file : javaFiles()) {
      Matcher matcher = REGION.matcher(read(file));
      while (matcher.find()) {
        regions.add(matcher.group(1).stripTrailing().stripIndent().strip() + "\n");
      }
    }
    return regions;
  }

  private static List<Path> javaFiles() {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
