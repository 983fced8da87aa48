package io.securestreams.reactor.transport.http;

import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.Trait;
import java.util.Objects;

/**
 * What transactions must have in common to use the same connection, at once or one after the other.
 *
 * @param wire what is spoken
 * @param target address, authorities and own identity, proxy and marks
 * @param credit who opens the windows of received bodies
 * @param increments what becomes of a window that the peer opens too far
 */
public record ConnectionKey(HttpWire wire, Target target, Credit credit, Increments increments) {

  /** Who says how much of a body the peer may send. */
  public enum Credit {
    /** The connection, as pieces are taken. */
    AUTOMATIC,
    /** The application, byte by byte. */
    MANUAL
  }

  /** How the peer's credit for us is read. */
  public enum Increments {
    /** Past the limit of the protocol is an error. */
    EXACT,
    /** Past the limit is the limit. */
    CAPPED
  }

  /** Checks the components. */
  public ConnectionKey {
    Objects.requireNonNull(wire, "wire");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(credit, "credit");
    Objects.requireNonNull(increments, "increments");
  }

  /** The key of a transaction. */
  static ConnectionKey of(HttpPlan plan, Credit credit) {
    return new ConnectionKey(
        plan.wire(),
        plan.target(),
        credit,
        plan.traits().contains(Trait.OVERFLOW_CREDIT) ? Increments.CAPPED : Increments.EXACT);
  }

  /** Cheap: equal targets are told from others without a look at their certificates, mostly. */
  @Override
  public int hashCode() {
    return 31 * (31 * target.address().hashCode() + wire.ordinal()) + credit.ordinal();
  }
}
