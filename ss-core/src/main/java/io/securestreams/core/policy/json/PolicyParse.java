package io.securestreams.core.policy.json;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.PolicyDatabase;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of reading a policy.
 *
 * @param database present exactly if no finding is an error
 * @param findings errors and warnings in the order of the text; at most 100 of each, and one that
 *     says so if there were more
 */
public record PolicyParse(Optional<PolicyDatabase> database, List<Finding> findings) {

  /** Copies the findings. */
  public PolicyParse {
    Objects.requireNonNull(database, "database");
    findings = List.copyOf(findings);
  }

  /**
   * The database.
   *
   * @throws PolicyException with all findings, if there are errors
   */
  public PolicyDatabase orThrow() {
    return database.orElseThrow(() -> new PolicyException(findings));
  }
}
