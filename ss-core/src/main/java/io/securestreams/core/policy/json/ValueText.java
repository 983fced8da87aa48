package io.securestreams.core.policy.json;

import java.util.stream.Collectors;

/** What a value may be, in words for people; Markdown. */
final class ValueText {

  private static final String NOTHING = "–";

  private ValueText() {}

  /** The type with its limits. */
  static String of(KeyValue value) {
    if (value instanceof KeyValue.Whole whole) {
      String range =
          whole.max() == Long.MAX_VALUE ? "from " + whole.min() : whole.min() + ".." + whole.max();
      return "integer " + range + (whole.unit().isEmpty() ? "" : ", " + whole.unit());
    }
    if (value instanceof KeyValue.State) {
      return "4 or 1000..65535";
    }
    if (value instanceof KeyValue.Text text) {
      return text(text.form());
    }
    if (value instanceof KeyValue.Items items) {
      return array(items);
    }
    return value instanceof KeyValue.Flag ? "boolean" : "anything";
  }

  /** What stands for an absent one. */
  static String absent(KeyValue value) {
    if (value instanceof KeyValue.Flag) {
      return "false";
    }
    if (value instanceof KeyValue.Whole whole && whole.absent().isPresent()) {
      return String.valueOf(whole.absent().getAsLong());
    }
    return value instanceof KeyValue.Text text && !text.absent().isEmpty()
        ? "`" + text.absent() + "`"
        : NOTHING;
  }

  private static String text(TextForm form) {
    if (!form.words().isEmpty()) {
      return form.words().stream().collect(Collectors.joining("`, `", "`", "`"));
    }
    return form.shown().isEmpty() ? "string" : "string: " + form.shown();
  }

  private static String array(KeyValue.Items items) {
    ItemShape each = items.each();
    if (each instanceof ItemShape.Plain plain) {
      return "array, " + items.least() + ".." + items.most() + " of: " + of(plain.value());
    }
    if (each instanceof ItemShape.Entry entry) {
      return "array of objects, see `" + entry.section().path() + "`";
    }
    if (each instanceof ItemShape.Definitions definitions) {
      return "array of objects {name: object}, see `" + definitions.section().path() + "`";
    }
    ItemShape.Pairs pairs = (ItemShape.Pairs) each;
    String names = pairs.names() == TextForm.STATUS ? "status" : "name";
    return "array of objects {"
        + names
        + ": "
        + of(pairs.value())
        + "}"
        + (items.most() == 0 ? "" : ", at most " + items.most() + " in all");
  }
}
