package io.securestreams.reactor;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  PolicyParse read(PolicyParser parser) {
    return reading.apply(parser);
  }
}
