package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.time.Clock;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What to look for beyond validity: {@link FindingCode#PLAINTEXT}, {@link
 * FindingCode#NO_TRUST_STORE}, {@link FindingCode#CERT_EXPIRED}, {@link FindingCode#CERT_EXPIRING},
 * {@link FindingCode#WEAK_KEY}, {@link FindingCode#WEAK_SIGNATURE} and {@link
 * FindingCode#LOW_JITTER}. All are warnings, and told only of a text without errors.
 *
 * <p>Immutable; safe for any thread if its clock is.
 */
public final class Lint {

  private final Clock clock;
  private final Set<FindingCode> silenced;
  private final boolean reportingUnused;

  private Lint(Clock clock, Set<FindingCode> silenced, boolean reportingUnused) {
    this.clock = clock;
    this.silenced = Collections.unmodifiableSet(silenced);
    this.reportingUnused = reportingUnused;
  }

  /**
   * Everything but unused definitions.
   *
   * @param clock for certificates that expire
   */
  public static Lint standard(Clock clock) {
    Objects.requireNonNull(clock, "clock");
    return new Lint(clock, EnumSet.noneOf(FindingCode.class), false);
  }

  /**
   * The same without the warnings of some codes, the parser's own included. Errors are always told.
   *
   * @param codes added to those that are silenced already
   */
  public Lint silencing(FindingCode... codes) {
    Set<FindingCode> all = EnumSet.noneOf(FindingCode.class);
    all.addAll(silenced);
    all.addAll(List.of(codes));
    return new Lint(clock, all, reportingUnused);
  }

  /**
   * The same with a {@link FindingCode#SUSPICIOUS} for every certificate, trust store, retry scheme
   * and auth entry that nothing refers to.
   */
  public Lint reportingUnused() {
    return new Lint(clock, silenced, true);
  }

  /** The time by which certificates expire. */
  Clock clock() {
    return clock;
  }

  /** Codes whose warnings are left out. */
  Set<FindingCode> silenced() {
    return silenced;
  }

  /** True if unused definitions are told. */
  boolean isReportingUnused() {
    return reportingUnused;
  }
}
