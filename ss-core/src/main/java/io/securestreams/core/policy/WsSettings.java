package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * The WebSocket part of a stream type.
 *
 * @param subprotocol offered by a client, answered by a server. Source: {@code ws_subprotocol}
 * @param frames kind of the data frames sent. Source: {@code ws_binary}
 * @param turn what comes first if both can be done. Source: {@code ws_prioritize_reads}
 */
public record WsSettings(Optional<String> subprotocol, Frames frames, Turn turn) {

  /** Nothing set. */
  public static final WsSettings NONE = new WsSettings(Optional.empty(), Frames.TEXT, Turn.FAIR);

  /** Opcode of sent messages. */
  public enum Frames {
    /** Opcode 1; payload must be UTF-8. */
    TEXT,
    /** Opcode 2. */
    BINARY
  }

  /** What comes first if frames can be read and written. */
  public enum Turn {
    /** Neither. */
    FAIR,
    /** Reading. Informative: here reading and writing do not wait for each other. */
    READS_FIRST
  }

  /** Checks the components. */
  public WsSettings {
    Objects.requireNonNull(subprotocol, "subprotocol");
    Objects.requireNonNull(frames, "frames");
    Objects.requireNonNull(turn, "turn");
  }
}
