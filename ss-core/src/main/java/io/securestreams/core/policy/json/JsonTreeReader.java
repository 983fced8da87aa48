package io.securestreams.core.policy.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Text to {@link JsonValue}: RFC 8259 and {@code #} comments, nothing else. */
final class JsonTreeReader {

  /** Objects and arrays inside each other. */
  static final int DEEPEST = 64;

  /** Values in one text; it bounds the memory that a hostile text can take. */
  static final int MOST_VALUES = 262_144;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private int values;

  private JsonTreeReader(JsonParser parser) {
    this.parser = parser;
  }

  /** The text has more values than are accepted. */
  static final class TooManyValues extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyValues() {
      super("more than " + MOST_VALUES + " values", null, false, false);
    }
  }

  /**
   * Reads a whole text.
   *
   * @return the root, or empty if the text is not acceptable JSON
   * @throws TooManyValues if it would take too much memory
   */
  static Optional<JsonValue> read(String text) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      JsonTreeReader reader = new JsonTreeReader(parser);
      JsonToken first = parser.nextToken();
      if (first == null) {
        return Optional.empty();
      }
      JsonValue root = reader.value(first);
      return parser.nextToken() == null ? Optional.of(root) : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  private JsonValue value(JsonToken token) {
    if (++values > MOST_VALUES) {
      throw new TooManyValues();
    }
    int offset = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    return switch (token) {
      case START_OBJECT -> object(offset);
      case START_ARRAY -> array(offset);
      case VALUE_STRING -> new JsonValue.Text(offset, parser.getString());
      case VALUE_NUMBER_INT -> new JsonValue.Num(offset, parser.getString(), true);
      case VALUE_NUMBER_FLOAT -> new JsonValue.Num(offset, parser.getString(), false);
      case VALUE_TRUE -> new JsonValue.Flag(offset, true);
      case VALUE_FALSE -> new JsonValue.Flag(offset, false);
      default -> new JsonValue.Null(offset);
    };
  }

  private JsonValue object(int offset) {
    List<JsonValue.Member> members = new ArrayList<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      int nameOffset = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
      members.add(new JsonValue.Member(name, nameOffset, value(parser.nextToken())));
    }
    return new JsonValue.Obj(offset, members);
  }

  private JsonValue array(int offset) {
    List<JsonValue> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(token));
    }
    return new JsonValue.Arr(offset, items);
  }
}
