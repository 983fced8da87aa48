package io.securestreams.core.policy.json;

import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** JSON for people to read: indented by two spaces, with line feeds on every platform. */
final class JsonLayout extends ObjectWriteContext.Base {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
          .withObjectEmptySeparator("")
          .withArrayEmptySeparator("");
  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

  private final PrettyPrinter printer;

  private JsonLayout(PrettyPrinter printer) {
    this.printer = printer;
  }

  /** Every member of an object and every item of an array has its line. */
  static String tall(Consumer<JsonGenerator> content) {
    return text(
        new DefaultPrettyPrinter(SEPARATORS)
            .withObjectIndenter(INDENTER)
            .withArrayIndenter(INDENTER),
        content);
  }

  /** Every member of an object has its line; the items of an array share one. */
  static String flat(Consumer<JsonGenerator> content) {
    return text(new DefaultPrettyPrinter(SEPARATORS).withObjectIndenter(INDENTER), content);
  }

  /** The text, with a line feed at its end. */
  private static String text(PrettyPrinter printer, Consumer<JsonGenerator> content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(new JsonLayout(printer), text)) {
      content.accept(json);
    }
    return text.append('\n').toString();
  }

  @Override
  public PrettyPrinter getPrettyPrinter() {
    return printer;
  }

  @Override
  public boolean hasPrettyPrinter() {
    return true;
  }
}
