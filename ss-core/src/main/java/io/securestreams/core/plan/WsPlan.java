package io.securestreams.core.plan;

import io.securestreams.core.policy.WsSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One WebSocket connection.
 *
 * @param streamType for messages and logs
 * @param target where to connect to
 * @param path path and query, beginning with a slash
 * @param headers headers of the upgrade request beside those of RFC 6455
 * @param subprotocol offered in {@code Sec-WebSocket-Protocol}
 * @param frames kind of the data frames sent
 * @param rules how response headers become metadata
 * @param traits what else is done
 */
public record WsPlan(
    String streamType,
    Target target,
    String path,
    List<Header> headers,
    Optional<String> subprotocol,
    WsSettings.Frames frames,
    ResponseRules rules,
    Set<Trait> traits)
    implements RequestPlan {

  /** Copies the headers. */
  public WsPlan {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(path, "path");
    headers = List.copyOf(headers);
    Objects.requireNonNull(subprotocol, "subprotocol");
    Objects.requireNonNull(frames, "frames");
    Objects.requireNonNull(rules, "rules");
    traits = Set.copyOf(traits);
  }

  /**
   * The same upgrade with other headers.
   *
   * @param others headers of the upgrade request beside those of RFC 6455
   */
  public WsPlan withHeaders(List<Header> others) {
    return new WsPlan(streamType, target, path, others, subprotocol, frames, rules, traits);
  }
}
