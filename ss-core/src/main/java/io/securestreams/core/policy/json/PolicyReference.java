package io.securestreams.core.policy.json;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The policy language as a table for people: every key, what it may be set to, what it does, and
 * whether this version acts on it.
 *
 * <p><b>Source:</b> the same table of keys that {@link PolicyParser} reads by.
 */
public final class PolicyReference {

  private static final String INTRODUCTION =
      """
      # Policy keys

      What a policy may hold. `sstream schema --markdown` has written this from the table that the parser reads by.
      An absent flag is `false`; a dash says that nothing stands for an absent key. Keys that begin with `x-` or `_`
      are private and may stand in every object of these tables. Names and texts have at most 127 and 4096 characters.
      The last column says what this version does: "checked only" needs nothing more, "not yet" loads with a warning.
      """;

  private PolicyReference() {}

  /** The tables in Markdown, the same at every call. */
  public static String markdown() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (KeySection section : KeySection.values()) {
      table(text, section);
    }
    otherSpellings(text);
    return text.toString();
  }

  private static void table(StringBuilder text, KeySection section) {
    boolean sided = section == KeySection.STREAM;
    text.append("\n## ")
        .append(section.title())
        .append(": `")
        .append(section.path())
        .append("`\n\n");
    row(text, columns(sided, "key", "value", "absent", "side", "protocols", "does", "acted on"));
    row(text, columns(sided, "---", "---", "---", "---", "---", "---", "---"));
    for (PolicyKey key : PolicyKey.in(section)) {
      row(
          text,
          columns(
              sided,
              "`" + key.key() + "`",
              ValueText.of(key.value()),
              ValueText.absent(key.value()),
              key.side().shown(),
              key.scope().shown(),
              KeySentence.of(key),
              key.support().shown()));
    }
  }

  /** Side and protocols mean something for stream types only. */
  private static List<String> columns(boolean sided, String... cells) {
    List<String> columns = new ArrayList<>(List.of(cells));
    if (!sided) {
      columns.subList(3, 5).clear();
    }
    return columns;
  }

  private static void row(StringBuilder text, List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static void otherSpellings(StringBuilder text) {
    text.append(
        "\n## Other spellings\n\nAccepted with a warning; the reference's README has them.\n\n");
    row(text, List.of("written", "means"));
    row(text, List.of("---", "---"));
    for (PolicyKey key : PolicyKey.values()) {
      key.alias().ifPresent(alias -> row(text, List.of(quoted(alias), quoted(key.key()))));
    }
    for (OldProtocol old : OldProtocol.values()) {
      row(
          text,
          List.of(
              member(PolicyKey.PROTOCOL, old.key()),
              member(PolicyKey.PROTOCOL, old.protocol().key())
                  + ", "
                  + member(PolicyKey.HTTP_METHOD, old.method())));
    }
    row(text, List.of("`{\"x\": [..]}` in `trust_stores`", "`{\"name\": \"x\", \"stack\": [..]}`"));
  }

  private static String member(PolicyKey key, String value) {
    return quoted("\"" + key.key() + "\": \"" + value + "\"");
  }

  private static String quoted(String code) {
    return "`" + code + "`";
  }
}
