package io.securestreams.tool;

import io.securestreams.core.event.Payload;
import java.util.Optional;

/**
 * What a server says to its clients.
 *
 * @param kind what decides the answer
 * @param body the fixed answer; unused by {@link Kind#ECHO}
 * @param mime the metadata that carries the content type, and its value
 */
record Answers(Kind kind, Payload body, Optional<Mime> mime) {

  /** What decides the answer. */
  enum Kind {
    /** What was received is sent back. */
    ECHO,
    /** The same answer to every message. */
    REPLY,
    /** Every request is refused; a WebSocket is closed. */
    NACK,
    /** http gets an empty 200, a WebSocket nothing. */
    SILENT
  }

  /**
   * The content type of answers.
   *
   * @param name a metadata name that maps to content-type
   * @param value its value
   */
  record Mime(String name, String value) {}
}
