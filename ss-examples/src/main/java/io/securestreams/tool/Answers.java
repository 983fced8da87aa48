package io.securestreams.tool;

import io.securestreams.core.event.Payload;
import io.securestreams.core.policy.Protocol;
import java.util.Optional;

/**
 * What a server says to its clients.
 *
 * @param protocol what the listener speaks
 * @param kind what decides the answer
 * @param body the fixed answer; unused by {@link Kind#ECHO}
 * @param mime the metadata that carries the content type, and its value
 */
record Answers(Protocol protocol, Kind kind, Payload body, Optional<Mime> mime) {

  /** What decides the answer. */
  enum Kind {
    /** What was received is sent back. */
    ECHO,
    /** The same answer to every message, or to every piece of a byte stream. */
    REPLY,
    /** Every request is refused; other connections are closed. */
    NACK,
    /** http gets an empty 200, others nothing. */
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
