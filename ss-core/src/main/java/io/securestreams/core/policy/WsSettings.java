package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * The WebSocket part of a stream type.
 *
 * @param subprotocol offered by a client, answered by a server. Source: {@code ws_subprotocol}
 * @param frames kind of the data frames sent. Source: {@code ws_binary}
 */
public record WsSettings(Optional<String> subprotocol, Frames frames) {

  /** Nothing set. */
  public static final WsSettings NONE = new WsSettings(Optional.empty(), Frames.TEXT);

  /** Opcode of sent messages. */
  public enum Frames {
    /** Opcode 1; payload must be UTF-8. */
    TEXT,
    /** Opcode 2. */
    BINARY
  }

  /** Checks the components. */
  public WsSettings {
    Objects.requireNonNull(subprotocol, "subprotocol");
    Objects.requireNonNull(frames, "frames");
  }
}
