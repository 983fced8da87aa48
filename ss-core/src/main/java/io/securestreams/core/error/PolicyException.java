package io.securestreams.core.error;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A policy cannot be used; carries everything that was found in it, warnings included. */
public final class PolicyException extends SecureStreamsException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // List.copyOf is serializable; Finding is not sent anywhere
  private final transient List<Finding> findings;

  /**
   * Creates the exception from what was found.
   *
   * @param findings all findings of the text, in order
   */
  public PolicyException(List<Finding> findings) {
    super(
        "the policy cannot be used:\n"
            + findings.stream().map(Finding::toString).collect(Collectors.joining("\n")),
        null);
    this.findings = List.copyOf(findings);
  }

  /**
   * Creates the exception for a stream type that cannot be opened.
   *
   * @param message one sentence naming the stream type and the way out
   */
  public PolicyException(String message) {
    this(message, null);
  }

  /**
   * Creates the exception for a valid policy that cannot be put in force.
   *
   * @param message one sentence naming what cannot be had and the way out
   * @param cause what was tried
   */
  public PolicyException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.findings = List.of();
  }

  /** All findings, errors and warnings, in the order of the text. */
  public List<Finding> findings() {
    return findings;
  }
}
