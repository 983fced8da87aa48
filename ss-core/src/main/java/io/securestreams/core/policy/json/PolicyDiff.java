package io.securestreams.core.policy.json;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.Rider;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.SwapEffect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two policies, by stream type: whom putting the second one in force would
 * disturb, and why.
 *
 * <p>Secrets are not shown: a proxy's credentials and private keys are only said to have changed.
 *
 * @param changes stream types that differ: first those of the old policy in its order, then new
 *     ones
 */
public record PolicyDiff(List<Change> changes) {

  /**
   * A stream type that differs.
   *
   * @param streamType its name
   * @param effect what becomes of streams of it
   * @param reasons what differs, in the order of the table of keys; empty if the stream type is new
   *     or gone
   */
  public record Change(String streamType, SwapEffect effect, List<Reason> reasons) {

    /** Copies the reasons. */
    public Change {
      Objects.requireNonNull(streamType, "streamType");
      Objects.requireNonNull(effect, "effect");
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * A key of a stream type that says something else, itself or by what it refers to.
   *
   * @param key the policy key
   * @param what how it differs, for people
   */
  public record Reason(String key, String what) {

    /** Checks the components. */
    public Reason {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(what, "what");
    }

    @Override
    public String toString() {
      return key + ": " + what;
    }
  }

  /** Copies the changes. */
  public PolicyDiff {
    changes = List.copyOf(changes);
  }

  /** True if streams of some type would notice. */
  public boolean isDisturbing() {
    return changes.stream().anyMatch(change -> change.effect().isDisturbing());
  }

  /**
   * Compares two policies.
   *
   * @param before the policy in force
   * @param after the one that would take its place
   */
  public static PolicyDiff between(PolicyDatabase before, PolicyDatabase after) {
    Set<String> names = new LinkedHashSet<>(before.streamTypes().keySet());
    names.addAll(after.streamTypes().keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      Optional<StreamType> old = before.streamType(name);
      Optional<StreamType> now = after.streamType(name);
      SwapEffect effect = SwapEffect.of(before, after, name);
      if (effect != SwapEffect.NONE) {
        boolean both = old.isPresent() && now.isPresent();
        changes.add(
            new Change(
                name,
                effect,
                both ? new Comparison(before, after).reasons(old.get(), now.get()) : List.of()));
      }
    }
    return new PolicyDiff(changes);
  }

  /** Looks for what differs between two stream types of a name. */
  private static final class Comparison {

    /** What the names in a stream type stand for. */
    private static final Map<PolicyKey, Function<StreamType, Optional<?>>> DEFINITIONS =
        Map.of(
            PolicyKey.STREAM_RETRY, StreamType::retry,
            PolicyKey.TLS_TRUST_STORE, type -> type.tlsSettings().trustStore(),
            PolicyKey.SERVER_CERT, type -> type.tlsSettings().serverCertificate(),
            PolicyKey.SERVER_KEY, type -> type.tlsSettings().serverKey(),
            PolicyKey.CLIENT_TRUST_STORE, type -> type.tlsSettings().clientTrustStore(),
            PolicyKey.USE_AUTH, type -> type.auth().scheme());

    private final PolicyDatabase oldPolicy;
    private final PolicyDatabase newPolicy;
    private final StreamMembers before;
    private final StreamMembers after;
    private final List<Reason> reasons = new ArrayList<>();

    Comparison(PolicyDatabase before, PolicyDatabase after) {
      this.oldPolicy = before;
      this.newPolicy = after;
      this.before = new StreamMembers(before.proxy());
      this.after = new StreamMembers(after.proxy());
    }

    List<Reason> reasons(StreamType old, StreamType now) {
      Map<String, JsonValue> was = members(before.of(old));
      Map<String, JsonValue> is = members(after.of(now));
      for (PolicyKey key : before.keys()) {
        if (key == PolicyKey.STREAM_SOCKS5) {
          proxy(old.proxy(), now.proxy());
        } else if (Objects.equals(was.get(key.key()), is.get(key.key()))) {
          behind(key, shown(is.get(key.key())), old, now);
        } else {
          String text = shown(was.get(key.key())) + " -> " + shown(is.get(key.key()));
          reasons.add(new Reason(key.key(), text));
        }
      }
      return reasons;
    }

    private static Map<String, JsonValue> members(JsonValue.Obj object) {
      Map<String, JsonValue> members = new HashMap<>();
      object.members().forEach(member -> members.put(member.name(), member.value()));
      return members;
    }

    private static String shown(@Nullable JsonValue value) {
      return value == null ? "(not set)" : JsonTreeWriter.write(value).strip();
    }

    private void proxy(Optional<SocksProxy> old, Optional<SocksProxy> now) {
      if (old.equals(now)) {
        return;
      }
      String was = old.map(Comparison::address).orElse("(none)");
      String is = now.map(Comparison::address).orElse("(none)");
      String what = was.equals(is) ? "other credentials for " + is : was + " -> " + is;
      reasons.add(new Reason(PolicyKey.STREAM_SOCKS5.key(), what));
    }

    private static String address(SocksProxy proxy) {
      return proxy.host() + ":" + proxy.port();
    }

    /** The key names the same definition, which may say something else. */
    private void behind(PolicyKey key, String name, StreamType old, StreamType now) {
      Function<StreamType, Optional<?>> definition = DEFINITIONS.get(key);
      if (definition != null && !definition.apply(old).equals(definition.apply(now))) {
        reasons.add(new Reason(key.key(), "the definition of " + name + " changed"));
      }
      if (key == PolicyKey.RIDESHARE) {
        riders(Rider.with(old, oldPolicy), Rider.with(now, newPolicy));
      }
    }

    private void riders(List<Rider> old, List<Rider> now) {
      now.stream()
          .filter(rider -> !old.contains(rider))
          .map(rider -> "the definition of " + shown(Written.text(rider.streamType())) + " changed")
          .forEach(what -> reasons.add(new Reason(PolicyKey.RIDESHARE.key(), what)));
    }
  }
}
