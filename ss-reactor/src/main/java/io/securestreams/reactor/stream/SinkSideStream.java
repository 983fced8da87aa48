package io.securestreams.reactor.stream;

/** The sink's side of a joined pair: an accepted stream whose client is the source. */
final class SinkSideStream extends ServedStream {

  private final JoinedLink.SinkEnd end;

  SinkSideStream(
      Environment environment, ServerProfile profile, JoinedLink.SinkEnd end, Runnable onRelease) {
    super(environment, profile, end, onRelease);
    this.end = end;
  }

  /** The source is created once this side is connected. */
  @Override
  void sessionBegun() {
    super.sessionBegun();
    if (isSession()) {
      end.joined();
    }
  }

  /** What is on its way to it counts as begun. */
  @Override
  boolean isIdle() {
    return super.isIdle() && end.isQuiet();
  }
}
