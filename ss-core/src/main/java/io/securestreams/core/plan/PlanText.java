package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.StreamType;
import java.util.Map;
import java.util.Optional;

/** Fills the templates of one stream type, and words what is wrong with them. */
final class PlanText {

  private final StreamType type;

  PlanText(StreamType type) {
    this.type = type;
  }

  /**
   * The template with its names replaced, verbatim.
   *
   * @param template of the stream type
   * @param key where it stands in the policy
   * @param metadata values of declared names that are set
   * @throws LinkException of kind POLICY if it has a name that is not declared
   */
  String fill(Template template, String key, Map<String, String> metadata) {
    if (template.isConstant()) {
      return template.text();
    }
    for (String name : template.names()) {
      if (!type.declares(name)) {
        throw fail(
            FailureKind.POLICY,
            "${"
                + name
                + "} in "
                + key
                + " names no declared metadata; declare \""
                + name
                + "\" in \"metadata\"");
      }
    }
    return template.fill(name -> Optional.ofNullable(metadata.get(name)));
  }

  /** Where to look for what is wrong with a filled template, as the end of a sentence. */
  static String wayOut(Template source) {
    return source.isConstant()
        ? "; correct the policy"
        : "; look at the metadata " + source.names();
  }

  /** A failure that names the stream type. */
  LinkException fail(FailureKind kind, String problem) {
    return new LinkException(kind, "stream type \"" + type.name() + "\": " + problem);
  }
}
