package io.securestreams.tool;

import io.securestreams.core.event.StreamEvent;
import io.securestreams.reactor.api.PolicyEvent;

/** One line of output: what happened, when, and to which stream of the command. */
sealed interface Happening {

  /** Milliseconds since the command started. */
  long millis();

  /** 0 for the stream itself or the listener, 1 and up for accepted streams. */
  int stream();

  /**
   * The stream reported something.
   *
   * @param millis since the command started
   * @param stream which stream
   * @param event what it reported
   */
  record Seen(long millis, int stream, StreamEvent event) implements Happening {}

  /**
   * A message was handed to the connection.
   *
   * @param millis since the command started
   * @param stream which stream
   * @param ordinal the first message of a stream is 0
   * @param length bytes
   */
  record Sent(long millis, int stream, long ordinal, int length) implements Happening {}

  /**
   * The policy file changed.
   *
   * @param millis since the command started
   * @param event what came of it
   */
  record Policy(long millis, PolicyEvent event) implements Happening {

    @Override
    public int stream() {
      return 0;
    }
  }
}
