package io.securestreams.core.metadata;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Text with {@code ${name}} places, parsed once and filled for every attempt.
 *
 * <p>A {@code $} that no <code>{</code> follows is literal. Source: {@code lws_strexp}.
 */
public final class Template {

  /** Literal text and names in turn: even indices are text, odd ones are names. */
  private final List<String> parts;

  private final String text;

  private Template(String text, List<String> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /**
   * Parses a template.
   *
   * @param text any text
   * @throws IllegalArgumentException if a <code>${</code> has no <code>}</code>
   */
  public static Template parse(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", from)) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("'${' without '}' at offset " + open);
      }
      parts.add(text.substring(from, open));
      parts.add(text.substring(open + 2, close));
      from = close + 1;
    }
    parts.add(text.substring(from));
    return new Template(text, parts);
  }

  /** The names used, in order of their first place. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 1; i < parts.size(); i += 2) {
      names.add(parts.get(i));
    }
    return names;
  }

  /** True if filling it always gives {@link #text()}. */
  public boolean isConstant() {
    return parts.size() == 1;
  }

  /** The template as written. */
  public String text() {
    return text;
  }

  /**
   * Fills the places; a name without a value is replaced by nothing.
   *
   * @param values gives the value of a name
   */
  public String fill(Function<String, Optional<String>> values) {
    if (isConstant()) {
      return text;
    }
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      filled.append(i % 2 == 0 ? parts.get(i) : values.apply(parts.get(i)).orElse(""));
    }
    return filled.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template template && text.equals(template.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
