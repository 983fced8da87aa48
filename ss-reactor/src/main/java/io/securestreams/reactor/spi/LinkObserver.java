package io.securestreams.reactor.spi;

/** Is told what happens on a link. */
@FunctionalInterface
public interface LinkObserver {

  /**
   * Something happened. Calls for one link never overlap; the thread is the transport's, and must
   * not be blocked.
   *
   * @param signal what happened
   */
  void signal(LinkSignal signal);
}
