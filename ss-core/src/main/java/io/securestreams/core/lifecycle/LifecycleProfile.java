package io.securestreams.core.lifecycle;

import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.Strategy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.retry.Backoff;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What the lifecycle of a stream needs to know of its stream type.
 *
 * @param role which of the three lives the stream leads
 * @param traits what differs between clients; the other roles look at TRANSACTIONAL only
 * @param backoff what follows a failure
 * @param timeoutMs value of "timeout from policy" in ms; 0 means that there is none
 */
public record LifecycleProfile(Role role, Set<Trait> traits, Backoff backoff, long timeoutMs) {

  /** The lives that a stream can lead. */
  public enum Role {
    /** Makes connections, and makes them again. */
    CLIENT,
    /** Owns a listening socket; carries no payload. */
    LISTENER,
    /** Belongs to one accepted connection and ends with it. */
    ACCEPTED
  }

  /** What differs between streams of one role. */
  public enum Trait {
    /** Each message is a transaction that the peer answers: http. */
    TRANSACTIONAL,
    /** An unwanted drop is followed by a new connection: not {@code opportunistic}. */
    RECONNECTS,
    /** The first attempt starts at creation. */
    NAILED_UP
  }

  /** Copies the traits. */
  public LifecycleProfile {
    Objects.requireNonNull(role, "role");
    traits = traits.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(traits));
    Objects.requireNonNull(backoff, "backoff");
    if (timeoutMs < 0) {
      throw new IllegalArgumentException("timeout of " + timeoutMs + " ms");
    }
  }

  /**
   * The profile of a stream type: a client, or a listener or local sink.
   *
   * <p>Both sides of a pair that is joined by a sink lead the life of an accepted stream.
   *
   * @param type the stream type
   */
  public static LifecycleProfile of(StreamType type) {
    boolean client = type.side() == Side.CLIENT;
    Set<Strategy> strategy = client ? type.strategy() : Set.of();
    EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
    if (type.isTransactional()) {
      traits.add(Trait.TRANSACTIONAL);
    }
    if (!strategy.contains(Strategy.OPPORTUNISTIC) && !type.isFile()) {
      traits.add(Trait.RECONNECTS);
    }
    if (strategy.contains(Strategy.NAILED_UP)) {
      traits.add(Trait.NAILED_UP);
    }
    Role role =
        switch (type.side()) {
          case CLIENT -> Role.CLIENT;
          case SERVER, LOCAL_SINK -> Role.LISTENER;
        };
    Backoff backoff = Backoff.of(client ? type.retry() : Optional.empty());
    return new LifecycleProfile(role, traits, backoff, type.timeoutMs());
  }

  /**
   * This profile in another role: that of an accepted stream from that of its listener.
   *
   * @param other the role
   */
  public LifecycleProfile in(Role other) {
    return role == other ? this : new LifecycleProfile(other, traits, backoff, timeoutMs);
  }

  /**
   * True if the profile has the trait.
   *
   * @param trait the trait
   */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
