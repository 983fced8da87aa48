package io.securestreams.core.error;

/**
 * What a {@link Finding} is about. The names are the contract: tools may match them.
 *
 * <p>{@link #severity()} is the usual one; a strict reader may raise it.
 */
public enum FindingCode {
  /** The text is not acceptable JSON. */
  SYNTAX(Severity.ERROR),
  /** A value has the wrong JSON type. */
  TYPE(Severity.ERROR),
  /** A number is outside its range. */
  RANGE(Severity.ERROR),
  /** A string is not in the allowed set or form. */
  VALUE(Severity.ERROR),
  /** Base64, DER or UTF-8 is broken. */
  ENCODING(Severity.ERROR),
  /** Too many, too long or too big. */
  LIMIT(Severity.ERROR),
  /** A name or key is defined twice. */
  DUPLICATE(Severity.ERROR),
  /** A name is used that is defined nowhere. */
  UNKNOWN_REF(Severity.ERROR),
  /** A name is used before the place where it is defined. */
  FORWARD_REF(Severity.ERROR),
  /** A required key is absent. */
  MISSING(Severity.ERROR),
  /** Keys exclude each other. */
  CONFLICT(Severity.ERROR),
  /** The key is not known. */
  UNKNOWN_KEY(Severity.WARNING),
  /** A documented alternative spelling was used. */
  ALIAS(Severity.WARNING),
  /** The key is accepted and has no effect. */
  DEPRECATED(Severity.WARNING),
  /** The key is valid but has no effect here. */
  IGNORED(Severity.WARNING),
  /** Legal, but most likely a mistake. */
  SUSPICIOUS(Severity.WARNING),
  /** A connection beyond this machine that is not encrypted. */
  PLAINTEXT(Severity.WARNING),
  /** A client trusts every authority of the platform, not its own. */
  NO_TRUST_STORE(Severity.WARNING),
  /** A certificate in use is not valid any more. */
  CERT_EXPIRED(Severity.WARNING),
  /** A certificate in use is not valid for much longer. */
  CERT_EXPIRING(Severity.WARNING),
  /** A certificate in use has a key that can be broken. */
  WEAK_KEY(Severity.WARNING),
  /** A certificate in use is signed in a way that can be forged. */
  WEAK_SIGNATURE(Severity.WARNING),
  /** Clients that fail together come back together. */
  LOW_JITTER(Severity.WARNING);

  private final Severity severity;

  FindingCode(Severity severity) {
    this.severity = severity;
  }

  /** The usual severity of this code. */
  public Severity severity() {
    return severity;
  }
}
