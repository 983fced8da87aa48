package io.securestreams.core.policy.json;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is noticed in one text; bounded. */
final class Findings {

  /** So many errors, and as many warnings, are kept. */
  static final int LIMIT = 100;

  private final PolicyText text;
  private final boolean strict;
  private final List<Placed> placed = new ArrayList<>();
  private final Set<Subject> settled = new HashSet<>();
  private final Set<Said> said = new HashSet<>();
  private final Set<Said> known = new HashSet<>();
  private Set<FindingCode> silenced = Set.of();
  private int errors;
  private int faults;
  private int warnings;

  /**
   * Starts empty.
   *
   * @param text for lines and columns
   * @param strict unknown keys are errors
   */
  Findings(PolicyText text, boolean strict) {
    this.text = text;
    this.strict = strict;
  }

  /** From now on warnings of these codes are not kept. */
  void silence(Set<FindingCode> codes) {
    silenced = codes;
  }

  private record Placed(int offset, Finding finding) {}

  /** What cannot be told by its path alone: much that is inherited has the same. */
  private record Subject(String path, Origin origin) {

    static Subject of(Place place) {
      return new Subject(place.path().text(), place.origin());
    }
  }

  /**
   * A finding about what a policy has, wherever it is reported.
   *
   * @param origin what of the policy
   * @param code what is wrong
   * @param message the sentence
   */
  record Said(Origin origin, FindingCode code, String message) {}

  /** Ends the reading of a text in which nothing more is worth reporting. */
  static final class TooMany extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooMany() {
      super("too many errors", null, false, false);
    }
  }

  /**
   * Adds a finding.
   *
   * @throws TooMany at the first error beyond the limit
   */
  void add(FindingCode code, Place place, String message) {
    boolean raised = strict && code == FindingCode.UNKNOWN_KEY;
    faults += code.severity() == Severity.ERROR ? 1 : 0;
    add(raised ? Severity.ERROR : code.severity(), code, place, message);
  }

  /** Adds a finding that does not prevent loading although its code usually does. */
  void warn(FindingCode code, Place place, String message) {
    add(Severity.WARNING, code, place, message);
  }

  private void add(Severity severity, FindingCode code, Place place, String message) {
    Said saying = new Said(place.origin(), code, message);
    if (known.contains(saying)) {
      settle(severity, code, place);
      return;
    }
    if (!place.origin().isText()) {
      said.add(saying);
    }
    if (severity == Severity.WARNING && silenced.contains(code)) {
      settle(severity, code, place);
      return;
    }
    if (severity == Severity.ERROR) {
      errors++;
      if (errors > LIMIT) {
        put(Severity.ERROR, FindingCode.LIMIT, place, "too many errors");
        throw new TooMany();
      }
    } else {
      warnings++;
      if (warnings > LIMIT + 1) {
        return;
      }
      if (warnings > LIMIT) {
        put(Severity.WARNING, FindingCode.SUSPICIOUS, place, "too many warnings");
        return;
      }
    }
    put(severity, code, place, message);
  }

  private void put(Severity severity, FindingCode code, Place place, String message) {
    settle(severity, code, place);
    Finding finding =
        new Finding(
            severity,
            code,
            text.locate(place.offset()),
            place.path().text(),
            place.origin().at(place.path()) + message);
    placed.add(new Placed(place.offset(), finding));
  }

  private void settle(Severity severity, FindingCode code, Place place) {
    if (severity == Severity.ERROR || code == FindingCode.IGNORED) {
      settled.add(Subject.of(place));
    }
  }

  /** What was said of a policy that the text does not show, so that it is not said again. */
  Set<Said> said() {
    return said;
  }

  /** From now on nothing of this is said. */
  void know(Set<Said> before) {
    known.addAll(before);
  }

  /** True if an error, or that it has no effect, was already said of this path. */
  boolean isSettled(Place place) {
    return settled.contains(Subject.of(place));
  }

  /** The 1-based line of an offset, for messages. */
  int line(int offset) {
    return text.line(offset);
  }

  /** How many errors there are so far. */
  int errors() {
    return errors;
  }

  /** How many errors there are so far that a lenient reading reports as well. */
  int faults() {
    return faults;
  }

  /** All of them in the order of the text. */
  List<Finding> inOrder() {
    List<Placed> sorted = new ArrayList<>(placed);
    sorted.sort(Comparator.comparingInt(Placed::offset));
    List<Finding> findings = new ArrayList<>(sorted.size());
    sorted.forEach(one -> findings.add(one.finding()));
    return findings;
  }
}
