package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.Trait;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A client's link with a connection of its own, from the dial to the end: calls from any thread,
 * signals from one.
 *
 * @param <P> what the connection is for
 */
public abstract class SessionLink<P extends ClientPlan> extends ConnectionLink
    implements Dialer.Caller {

  private final Dialer dialer;
  private final Target target;
  private final Alpn alpn;
  private final P plan;
  private final LinkObserver observer;
  @Nullable private volatile Disposable dial;
  private ConnectionTimings timings = ConnectionTimings.NONE;

  /**
   * A link that has not begun.
   *
   * @param dialer opens the connection
   * @param target where to
   * @param alpn offered where the connection is secured
   * @param plan what it is for
   * @param observer told everything that happens
   */
  protected SessionLink(Dialer dialer, Target target, Alpn alpn, P plan, LinkObserver observer) {
    this.dialer = dialer;
    this.target = target;
    this.alpn = alpn;
    this.plan = plan;
    this.observer = observer;
  }

  /**
   * Makes what will be spoken; nothing is written yet.
   *
   * @throws LinkException if there is nothing that can be said
   */
  protected abstract Session session(Channel channel);

  @Override
  public final void start() {
    if (isClosed()) {
      return;
    }
    Disposable attempt = dialer.dial(target, alpn, this);
    dial = attempt;
    if (isClosed()) {
      attempt.dispose();
    }
  }

  @Override
  public final void timed(ConnectionTimings taken) {
    timings = taken;
  }

  @Override
  public final void connected(Channel channel) {
    if (isClosed()) {
      Channels.close(channel);
      return;
    }
    Session next;
    try {
      next = session(channel);
    } catch (LinkException e) {
      Channels.close(channel);
      failed(e);
      return;
    }
    speaks(next);
    if (isClosed()) {
      Channels.close(channel);
    } else {
      next.install();
    }
  }

  @Override
  public final void failed(LinkException cause) {
    finish(new LinkSignal.Failed(cause, 0, Delivery.NOT_SENT));
  }

  @Override
  public final void close(LinkClose how) {
    super.close(how);
    Disposable attempt = dial;
    if (attempt != null) {
      attempt.dispose();
    }
  }

  // For the session, on its event loop.

  /** Where to. */
  public final Target target() {
    return target;
  }

  /** What the connection is for. */
  public final P plan() {
    return plan;
  }

  @Override
  protected final LinkObserver observer() {
    return observer;
  }

  /**
   * The peer agreed to what the connection is for.
   *
   * @param micros how long that took
   */
  public final void answered(long micros) {
    timings = timings.answered(micros, OptionalInt.empty());
  }

  /** Before the last signal, how long the connection took, if that is asked for. */
  @Override
  public final void finish(LinkSignal last) {
    if (plan.traits().contains(Trait.PERF)) {
      emit(new LinkSignal.Timed(timings));
    }
    super.finish(last);
  }
}
