package io.securestreams.reactor.stream;

import io.securestreams.core.error.NearestName;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.SwapEffect;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One policy as the streams see it: what may be opened, and what all streams of a type share.
 *
 * <p>Immutable but for what it remembers; safe from any thread.
 */
public final class PolicySnapshot {

  private final PolicyDatabase database;
  private final Map<String, ClientProfile> clients = new ConcurrentHashMap<>();

  /**
   * Creates a snapshot.
   *
   * @param database the policy
   */
  public PolicySnapshot(PolicyDatabase database) {
    this.database = Objects.requireNonNull(database, "database");
  }

  /** The policy. */
  public PolicyDatabase database() {
    return database;
  }

  /**
   * The snapshot of another policy, which shares what did not change.
   *
   * @param next the other policy
   */
  public PolicySnapshot followedBy(PolicyDatabase next) {
    PolicySnapshot snapshot = new PolicySnapshot(next);
    clients.forEach(
        (name, profile) -> {
          Optional<StreamType> same = next.streamType(name).filter(profile.type()::equals);
          if (same.isPresent() && profile.isLike(ClientProfile.of(same.get(), next))) {
            snapshot.clients.put(name, profile);
          }
        });
    return snapshot;
  }

  /** What all client streams of a type share, which must not be refused. */
  ClientProfile client(String streamType) {
    return clients.computeIfAbsent(streamType, name -> ClientProfile.of(type(name), database));
  }

  /** What a listener, whose type must not be refused, shares with the streams that it accepts. */
  ServerProfile server(String streamType) {
    return ServerProfile.of(type(streamType));
  }

  /**
   * The stream type.
   *
   * @param name one that {@link #refusal} does not refuse
   */
  public StreamType type(String name) {
    return database.streamType(name).orElseThrow();
  }

  /** What becomes of streams of a type when this policy takes the place of theirs. */
  SwapEffect effectOn(StreamType now) {
    return SwapEffect.of(Optional.of(now), database.streamType(now.name()));
  }

  /**
   * Why a stream type cannot be used on a side.
   *
   * @param name the stream type
   * @param side what it is wanted for
   * @return empty if it can be used
   */
  public Optional<PolicyException> refusal(String name, Side side) {
    return database
        .streamType(name)
        .map(type -> reason(type, side))
        .orElseGet(
            () ->
                Optional.of(
                    "the policy has no stream type '"
                        + name
                        + "'"
                        + NearestName.hintOrAll(name, database.streamTypes().keySet())))
        .map(PolicyException::new);
  }

  private static Optional<String> reason(StreamType type, Side side) {
    String subject = "stream type '" + type.name() + "'";
    if (!type.blockers().isEmpty()) {
      return Optional.of(
          subject
              + " depends on "
              + String.join(", ", type.blockers())
              + ", which this version does not support; without that it would be less secure, or"
              + " speak another protocol, than its policy says");
    }
    boolean joins = side == Side.CLIENT && type.side() == Side.LOCAL_SINK;
    if (type.side() == side || joins) {
      return Optional.empty();
    }
    String ways =
        switch (type.side()) {
          case CLIENT -> "; use open(\"" + type.name() + "\")";
          case SERVER -> "; use serve(\"" + type.name() + "\")";
          case LOCAL_SINK ->
              "; use sink(\"" + type.name() + "\") and open(\"" + type.name() + "\")";
        };
    String what =
        switch (side) {
          case CLIENT -> " is a server";
          case SERVER -> " is no server";
          case LOCAL_SINK -> " is no local sink, without \"local_sink\": true";
        };
    return Optional.of(subject + what + ways);
  }
}
