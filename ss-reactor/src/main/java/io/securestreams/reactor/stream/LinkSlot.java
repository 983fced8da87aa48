package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.Validity;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import org.jspecify.annotations.Nullable;

/**
 * Where one link's signals arrive at its stream; deaf once the stream has let go of the link.
 *
 * <p>Inside the mailbox only, {@link #signal} and {@link #link()} excepted.
 */
final class LinkSlot implements LinkObserver {

  private final StreamShell stream;
  private final Mailbox mailbox;
  private boolean attached = true;

  /** Set inside the mailbox, once. */
  @Nullable private volatile Link link;

  @Nullable private ValidityTimer validity;

  /** A received message began and did not end. */
  private boolean insideMessage;

  /** Frames that the link may still deliver. */
  private long credit;

  LinkSlot(StreamShell stream, Mailbox mailbox) {
    this.stream = stream;
    this.mailbox = mailbox;
  }

  @Override
  public void signal(LinkSignal signal) {
    if (mailbox.tryEnter()) {
      try {
        handle(signal);
      } finally {
        mailbox.leave();
      }
    } else {
      stream.announced(signal);
      mailbox.submit(() -> handle(signal));
    }
  }

  private void handle(LinkSignal signal) {
    if (!attached) {
      return;
    }
    if (signal instanceof LinkSignal.Frame frame) {
      insideMessage = !frame.flags().eom() && (insideMessage || frame.flags().som());
      if (credit != Long.MAX_VALUE && credit > 0) {
        credit--;
      }
    }
    stream.onLinkSignal(signal);
  }

  /** The link whose signals arrive here; to be called once. */
  void link(Link owned) {
    link = owned;
  }

  @Nullable Link link() {
    return link;
  }

  /** Lets the link deliver as many frames as there is demand for. */
  void allow(long demand) {
    Link target = link;
    if (validity != null) {
      validity.reading(demand > 0 || credit > 0);
    }
    if (target != null && credit != Long.MAX_VALUE && demand > credit) {
      long more = demand == Long.MAX_VALUE ? demand : demand - credit;
      credit = demand;
      target.request(more);
    }
  }

  /** True if a part of a message was received whose rest is still to come. */
  boolean isInsideMessage() {
    return insideMessage;
  }

  /** Checks from now on whether the peer is still there. */
  void watch(Validity checks) {
    ValidityTimer timer = new ValidityTimer(stream, this, checks);
    validity = timer;
    timer.start();
  }

  /** The peer proved to be there. */
  void proof() {
    if (validity != null) {
      validity.proof();
    }
  }

  /** The stream lets go of the link. */
  void detach() {
    attached = false;
    if (validity != null) {
      validity.cancel();
    }
  }

  /** Gives the link up. */
  void close(LinkClose how) {
    Link owned = link;
    if (owned != null) {
      owned.close(how);
    }
  }
}
