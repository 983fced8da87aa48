package io.securestreams.reactor.transport.http;

import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;

/** Where the signals of one transaction leave. Only {@link #close} is called off the event loop. */
final class ClientOutlet {

  private final LinkObserver observer;
  private volatile boolean closed;
  private boolean finished;

  ClientOutlet(LinkObserver observer) {
    this.observer = observer;
  }

  /** The observer wants to hear nothing any more. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** True if nothing can be told any more. */
  boolean over() {
    return finished || closed;
  }

  /** Shows the head of a response, if the observer looks at heads. */
  void show(ResponseHead head) {
    if (!over()) {
      HeadObserver.show(observer, head);
    }
  }

  void emit(LinkSignal signal) {
    if (!over()) {
      observer.signal(signal);
    }
  }

  /** Tells the last signal. */
  void finish(LinkSignal last) {
    if (!over()) {
      finished = true;
      observer.signal(last);
    }
  }
}
