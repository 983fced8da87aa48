package io.securestreams.reactor;

import io.securestreams.core.error.Finding;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Where a policy comes from.
 *
 * @param source label for events and messages
 * @param reading reads it; may block
 */
record PolicyInput(String source, Function<PolicyParser, PolicyParse> reading) {

  /** What a policy without a name is called. */
  private static final String UNNAMED = "policy";

  /** A file, read anew each time. */
  static PolicyInput of(Path file) {
    Objects.requireNonNull(file, "file");
    return new PolicyInput(file.toString(), parser -> parser.parse(file));
  }

  /** A text. */
  static PolicyInput of(String json) {
    Objects.requireNonNull(json, "json");
    return new PolicyInput(UNNAMED, parser -> parser.parse(json, UNNAMED));
  }

  /** A stream, which can be read once. */
  static PolicyInput of(InputStream input) {
    Objects.requireNonNull(input, "input");
    return new PolicyInput(UNNAMED, parser -> parser.parse(input, UNNAMED));
  }

  /** A policy that was read before. */
  static PolicyInput of(PolicyDatabase database) {
    PolicyParse parsed = new PolicyParse(Optional.of(database), List.of());
    return new PolicyInput(UNNAMED, parser -> parsed);
  }

  /** A policy with overlays upon it, one after the other. */
  PolicyInput with(List<Overlay> overlays) {
    return new PolicyInput(
        source,
        parser -> {
          PolicyParse parse = reading.apply(parser);
          for (Overlay overlay : overlays) {
            parse = overlay.upon(parse, parser);
          }
          return parse;
        });
  }

  /**
   * A text that changes a policy.
   *
   * @param source label for events and messages
   * @param laying lays it upon a policy; may block
   */
  record Overlay(String source, BiFunction<PolicyParser, PolicyDatabase, PolicyParse> laying) {

    /** A file, read anew each time. */
    static Overlay of(Path file) {
      Objects.requireNonNull(file, "file");
      return new Overlay(file.toString(), (parser, base) -> parser.overlay(base, file));
    }

    /** A text. */
    static Overlay of(String json) {
      Objects.requireNonNull(json, "json");
      return new Overlay(UNNAMED, (parser, base) -> parser.overlay(base, json, UNNAMED));
    }

    /** A stream, which can be read once. */
    static Overlay of(InputStream input) {
      Objects.requireNonNull(input, "input");
      return new Overlay(UNNAMED, (parser, base) -> parser.overlay(base, input, UNNAMED));
    }

    /** What an overlay without a name is called. */
    private static final String UNNAMED = "overlay";

    /** The overlaid policy with the findings of both; what cannot be used stays as it is. */
    PolicyParse upon(PolicyParse parse, PolicyParser parser) {
      if (parse.database().isEmpty()) {
        return parse;
      }
      PolicyParse overlaid = laying.apply(parser, parse.database().get());
      List<Finding> findings = new ArrayList<>(parse.findings());
      findings.addAll(overlaid.findings());
      return new PolicyParse(overlaid.database(), findings);
    }
  }

  PolicyParse read(PolicyParser parser) {
    return reading.apply(parser);
  }
}
