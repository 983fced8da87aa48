package io.securestreams.core.policy;

import java.util.Optional;

/** What becomes of the streams of one type when another policy takes the place of theirs. */
public enum SwapEffect {
  /** The stream type says what it said: they notice nothing. */
  NONE,
  /** The stream type is new, or could not be used before: there are no streams of it yet. */
  ADDED,
  /** A client goes on by the new policy, with another connection if it has one. */
  MOVED,
  /** The stream type is gone, or may not be used like that any more: they end. */
  ENDED,
  /** A listener moves to another address, or between TCP and UDP; streams that it accepted end. */
  REBOUND,
  /** A listener stays where it is but TLS comes or goes; streams that it accepted end. */
  SECURED,
  /** A listener says other things to connections that come from now on; nobody is cut off. */
  RENEWED;

  /** True if a connection can be lost by it. */
  public boolean isDisturbing() {
    return switch (this) {
      case NONE, ADDED, RENEWED -> false;
      case MOVED, ENDED, REBOUND, SECURED -> true;
    };
  }

  /**
   * The effect on one stream type, which may be that of another one that rides with it.
   *
   * @param now the policy in force
   * @param then the other policy
   * @param streamType its name
   */
  public static SwapEffect of(PolicyDatabase now, PolicyDatabase then, String streamType) {
    Optional<StreamType> type = now.streamType(streamType);
    SwapEffect own = of(type, then.streamType(streamType));
    return own == NONE
            && type.filter(SwapEffect::isUsable).filter(t -> rideOther(t, now, then)).isPresent()
        ? MOVED
        : own;
  }

  private static boolean rideOther(StreamType type, PolicyDatabase now, PolicyDatabase then) {
    return !Rider.with(type, now).equals(Rider.with(type, then));
  }

  /**
   * The effect on one stream type by itself.
   *
   * @param now what the policy in force says; empty if it does not have the stream type
   * @param then what the other policy says; empty if it does not have the stream type
   */
  public static SwapEffect of(Optional<StreamType> now, Optional<StreamType> then) {
    if (now.equals(then)) {
      return NONE;
    }
    Optional<StreamType> used = now.filter(SwapEffect::isUsable);
    if (used.isEmpty()) {
      return ADDED;
    }
    return then.filter(SwapEffect::isUsable)
        .filter(type -> type.side() == used.get().side())
        .map(type -> of(used.get(), type))
        .orElse(ENDED);
  }

  private static boolean isUsable(StreamType type) {
    return type.blockers().isEmpty();
  }

  private static SwapEffect of(StreamType now, StreamType then) {
    return switch (now.side()) {
      case CLIENT, LOCAL_SINK -> MOVED;
      case SERVER -> {
        if (!isBoundAlike(now, then)) {
          yield REBOUND;
        }
        yield isSecuredAlike(now.tlsSettings(), then.tlsSettings()) ? RENEWED : SECURED;
      }
    };
  }

  private static boolean isBoundAlike(StreamType now, StreamType then) {
    return now.port() == then.port()
        && now.endpoint().equals(then.endpoint())
        && now.protocol().isOverUdp() == then.protocol().isOverUdp();
  }

  /** Whom to trust may change; whether to ask at all, not without those who were not asked. */
  private static boolean isSecuredAlike(TlsSettings now, TlsSettings then) {
    return now.required() == then.required()
        && now.clientTrustStore().isPresent() == then.clientTrustStore().isPresent();
  }
}
