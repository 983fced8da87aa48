package io.securestreams.reactor.stream;

/**
 * What a client stream will be once its connection from the old policy is gone. Inside the mailbox
 * only.
 */
final class Replacement {

  private final ClientProfile profile;
  private final StreamTimer limit;
  private boolean due;

  /**
   * Starts the wait for the old connection.
   *
   * @param stream whose replacement it is
   * @param profile what it becomes
   * @param drainLimitMs how long the old connection may go on, in ms
   */
  Replacement(StreamShell stream, ClientProfile profile, long drainLimitMs) {
    this.profile = profile;
    this.due = drainLimitMs == 0;
    this.limit = new StreamTimer(stream, drainLimitMs, () -> due = true);
  }

  /** What the stream becomes. */
  ClientProfile profile() {
    return profile;
  }

  /** True if the old connection may not go on any longer. */
  boolean isDue() {
    return due;
  }

  /** The wait is over. */
  void end() {
    StreamTimer.cancel(limit);
  }
}
