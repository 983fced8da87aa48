package io.securestreams.core.policy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A stream type that describes a part of another one's requests. Source: {@code rideshare}.
 *
 * @param streamType its name
 * @param part what it says of the part
 */
public record Rider(String streamType, MultipartSettings part) {

  /** Checks the components. */
  public Rider {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(part, "part");
  }

  /**
   * Those that ride with a stream type, in the order of the parts.
   *
   * @param type the stream type that makes the requests
   * @param policy has the others
   */
  public static List<Rider> with(StreamType type, PolicyDatabase policy) {
    List<Rider> riders = new ArrayList<>();
    Set<String> passed = new LinkedHashSet<>(Set.of(type.name()));
    Optional<StreamType> next = type.http().multipart().rideshare().flatMap(policy::streamType);
    while (next.isPresent() && passed.add(next.get().name())) {
      MultipartSettings settings = next.get().http().multipart();
      riders.add(new Rider(next.get().name(), settings.outgoing()));
      next = settings.rideshare().flatMap(policy::streamType);
    }
    return List.copyOf(riders);
  }
}
