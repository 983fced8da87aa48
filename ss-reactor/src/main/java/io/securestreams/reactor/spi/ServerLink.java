package io.securestreams.reactor.spi;

/** The server's end of a connection. */
public interface ServerLink extends Link {

  /**
   * Sends the head of the answer to the current http request; pieces follow by {@link #send} unless
   * the body is of kind NONE.
   *
   * @param answer status, headers and framing
   */
  void answer(Answer answer);
}
