package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyReferenceTest {

  @Test
  void theFileThatPeopleReadIsTheOneOfTheTable() throws IOException {
    String file = Files.readString(SampleFiles.SAMPLES.resolve("KEYS.md"), StandardCharsets.UTF_8);

    assertThat(file)
        .as("write it with: sstream schema --markdown")
        .isEqualTo(PolicyReference.markdown());
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void everyKeyHasARowInTheTableOfItsSection(PolicyKey key) {
    List<String> rows =
        section(key.section())
            .lines()
            .filter(line -> line.startsWith("| `" + key.key() + "` |"))
            .toList();

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0))
        .contains(" " + KeySentence.of(key) + " | " + key.support().shown() + " |");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void everyRowHasTheColumnsOfItsTable(KeySection section) {
    List<String> rows = section(section).lines().filter(line -> line.startsWith("|")).toList();

    assertThat(rows)
        .hasSize(2 + PolicyKey.in(section).size())
        .allSatisfy(
            row -> assertThat(row.split(" \\| ")).hasSize(section == KeySection.STREAM ? 7 : 5));
  }

  private static String section(KeySection section) {
    String text = PolicyReference.markdown();
    int from = text.indexOf("\n## " + section.title() + ": ");
    return text.substring(from + 1, text.indexOf("\n## ", from + 1));
  }

  @Test
  void limitsUnitsAndFormsAreTold() {
    assertThat(PolicyReference.markdown())
        .contains("| `conceal` | integer 0..65535, retries | 0 |")
        .contains("| `schema-version` | integer from 1 | 1 |")
        .contains("| `backoff` | array, 0..8 of: integer 0..4294967295, ms | – |")
        .contains("| `stack` | array, 1..6 of: string: a name | – |")
        .contains("| `client_cert` | integer 0..254 | – | client | all |")
        .contains("| `protocol` | `h1`, `h2`, `h3`, `ws`, `mqtt`, `raw` | `h1` | both |")
        .contains("{status: 4 or 1000..65535}, at most 16 in all | – | client | h1, h2, h3 |")
        .contains("| `plugins` | anything | – |");
  }

  @Test
  void otherSpellingsAreTold() {
    assertThat(PolicyReference.markdown())
        .contains("| `mqtt qos` | `mqtt_qos` |")
        .contains(
            "| `\"protocol\": \"h2post\"` | `\"protocol\": \"h2\"`, `\"http_method\": \"POST\"` |");
  }
}
