package io.securestreams.reactor.api;

import io.securestreams.core.error.Finding;
import java.util.List;
import java.util.Objects;

/** Something that happened to the policy of a context. */
public sealed interface PolicyEvent {

  /** Where the policy came from: a file's name, or a label. */
  String source();

  /** What was noticed in it, in the order of the text. */
  List<Finding> findings();

  /**
   * The context began with it.
   *
   * @param source where the policy came from
   * @param findings its warnings
   */
  record Loaded(String source, List<Finding> findings) implements PolicyEvent {

    /** Copies the findings. */
    public Loaded {
      Objects.requireNonNull(source, "source");
      findings = List.copyOf(findings);
    }
  }

  /**
   * It is in force, in place of the one before.
   *
   * @param source where the policy came from
   * @param findings its warnings
   * @param disturbed the streams that existed and did not stay as they were, by stream type; the
   *     others notice nothing
   */
  record Swapped(String source, List<Finding> findings, List<Disturbance> disturbed)
      implements PolicyEvent {

    /** Copies the lists. */
    public Swapped {
      Objects.requireNonNull(source, "source");
      findings = List.copyOf(findings);
      disturbed = List.copyOf(disturbed);
    }
  }

  /**
   * It was refused; the one before is still in force, unchanged.
   *
   * @param source where the policy came from
   * @param findings its errors and warnings; without an error if the policy is valid, but an
   *     address or a certificate in it cannot be used here
   * @param reason one sentence, or the findings line by line
   */
  record Rejected(String source, List<Finding> findings, String reason) implements PolicyEvent {

    /** Copies the findings. */
    public Rejected {
      Objects.requireNonNull(source, "source");
      findings = List.copyOf(findings);
      Objects.requireNonNull(reason, "reason");
    }
  }
}
