package io.securestreams.core.lifecycle;

/** What a stream is busy with, as far as its next input is concerned. */
public enum Phase {
  /** Nothing was reported yet. */
  NEW,
  /** No connection, and none comes by itself. */
  IDLE,
  /** An attempt runs; an accepted stream: the link is there, but not usable yet. */
  ATTEMPT,
  /** The backoff timer runs. */
  WAIT,
  /** CONNECTED was reported and DISCONNECTED was not. */
  CONNECTED,
  /** The stream ends or has ended. */
  OVER
}
