package io.securestreams.reactor.transport.http;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.RedirectRules;
import io.securestreams.core.plan.RequestPlan;
import io.securestreams.core.plan.ResponseRules.Verdict;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.LinkSignal.Event;
import io.securestreams.reactor.spi.TxPiece;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that follows redirects: each leg is a link of its own, of which the observer sees the
 * last one's answer only. The body is kept, as far as there is room, for those that ask for it
 * again.
 *
 * @param <P> what the legs are made from
 */
final class FollowingLink<P extends RequestPlan> implements Link {

  private final LinkObserver observer;
  private final ClientLegs.Start<P> start;
  private final Rules<P> rules;
  private final LegCredit credit = new LegCredit();
  private final ReplayedBody body = new ReplayedBody();

  private volatile Leg leg;
  private volatile boolean closed;

  /** Bytes that were granted by hand, which the last leg alone is to spend; 0 if none were. */
  private long granted;

  private int followed;

  /** Says what a redirect makes of a request. */
  interface Rules<P> {

    P next(P plan, int status, Optional<String> location);
  }

  FollowingLink(P plan, LinkObserver observer, ClientLegs.Start<P> start, Rules<P> rules) {
    this.observer = observer;
    this.start = start;
    this.rules = rules;
    this.leg = new Leg(plan);
  }

  @Override
  public void start() {
    leg.link.start();
  }

  @Override
  public void request(long frames) {
    credit.allow(frames);
    credit.forward(() -> leg.link);
  }

  @Override
  public void send(TxPiece piece) {
    body.send(piece);
  }

  @Override
  public synchronized void manualTxCredit(long bytes) {
    granted = bytes;
    leg.link.manualTxCredit(bytes);
  }

  @Override
  public synchronized void addPeerTxCredit(long bytes) {
    if (granted > 0 && bytes > 0) {
      granted += bytes;
    }
    leg.link.addPeerTxCredit(bytes);
  }

  @Override
  public long estimatedPeerTxCredit() {
    return leg.link.estimatedPeerTxCredit();
  }

  @Override
  public void ping() {
    leg.link.ping();
  }

  @Override
  public void close(LinkClose how) {
    closed = true;
    leg.link.close(how);
  }

  @Override
  public Optional<String> peer() {
    return leg.link.peer();
  }

  /** One request and its answer. */
  private final class Leg implements HeadObserver {

    private final P plan;
    private final Link link;
    @Nullable private ResponseHead redirect;

    Leg(P plan) {
      this.plan = plan;
      this.link = start.link(plan, this);
      if (granted > 0) {
        link.manualTxCredit(granted);
      }
    }

    @Override
    public void head(ResponseHead head) {
      if (plan.rules().judge(head.status()) == Verdict.REDIRECT) {
        redirect = head;
      } else {
        HeadObserver.show(observer, head);
      }
    }

    @Override
    public void signal(LinkSignal signal) {
      if (leg != this || closed) {
        return;
      }
      ResponseHead asked = redirect;
      if (asked != null && signal instanceof LinkSignal.Failed failed) {
        follow(this, asked, failed.delivery());
      } else if (signal == Event.TX_READY) {
        if (body.ready(link)) {
          observer.signal(signal);
        }
      } else if (signal instanceof LinkSignal.Written written) {
        int fresh = body.written(written.pieces());
        if (fresh > 0) {
          observer.signal(new LinkSignal.Written(fresh));
        }
      } else {
        if (signal instanceof LinkSignal.Up) {
          body.forget();
        }
        observer.signal(signal);
      }
    }

    boolean hasBody() {
      return plan instanceof HttpPlan http && http.body().kind() != BodyPlan.Kind.NONE;
    }
  }

  private void follow(Leg last, ResponseHead asked, Delivery delivery) {
    body.pause();
    try {
      Leg next = become(next(last, asked));
      followed++;
      if (!next.hasBody()) {
        body.forget();
      }
      if (closed) {
        return;
      }
      credit.forward(() -> next.link);
      next.link.start();
    } catch (LinkException refused) {
      observer.signal(new LinkSignal.Failed(refused, 0, delivery));
    }
  }

  /** Credit that is granted meanwhile goes to the one leg or the other, and is not lost. */
  private synchronized Leg become(P plan) {
    Leg next = new Leg(plan);
    leg = next;
    return next;
  }

  private P next(Leg last, ResponseHead asked) {
    if (followed == RedirectRules.MOST) {
      throw refused(last, "this is redirect number " + (followed + 1));
    }
    P next = rules.next(last.plan, asked.status(), location(asked));
    if (last.hasBody() && RedirectRules.repeatsBody(asked.status()) && body.isLost()) {
      throw refused(
          last,
          "it asks for the body again, of which no more than " + ReplayedBody.MOST + " B are kept");
    }
    return next;
  }

  private static Optional<String> location(ResponseHead head) {
    return head.values("location").stream().findFirst();
  }

  private LinkException refused(Leg last, String why) {
    String peer = last.plan.target().toString();
    return new LinkException(
        FailureKind.PROTOCOL, peer + " redirected the request, but " + why, peer, null);
  }
}
