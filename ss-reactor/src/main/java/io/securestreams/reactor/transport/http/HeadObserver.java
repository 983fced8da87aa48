package io.securestreams.reactor.transport.http;

import io.securestreams.reactor.spi.LinkObserver;

/** An observer that also sees the heads of final responses, before anything is made of them. */
public interface HeadObserver extends LinkObserver {

  /**
   * A final response's head came; the signal that follows from it comes next.
   *
   * @param head status and headers
   */
  void head(ResponseHead head);

  /**
   * Shows a head to an observer that wants to see it.
   *
   * @param observer any
   * @param head status and headers
   */
  static void show(LinkObserver observer, ResponseHead head) {
    if (observer instanceof HeadObserver looking) {
      looking.head(head);
    }
  }
}
