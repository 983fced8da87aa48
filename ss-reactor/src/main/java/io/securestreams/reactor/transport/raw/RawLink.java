package io.securestreams.reactor.transport.raw;

import io.netty.channel.Channel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.netty.FailureMapping;
import io.securestreams.reactor.netty.SessionLink;
import io.securestreams.reactor.spi.LinkObserver;

/** One byte stream of a client. */
final class RawLink extends SessionLink<RawPlan> implements RawEnds {

  RawLink(Dialer dialer, RawPlan plan, LinkObserver observer) {
    super(dialer, plan.target(), Alpn.NOTHING, plan, observer);
  }

  @Override
  protected Session session(Channel channel) {
    return new RawConnection(this, this, channel);
  }

  @Override
  public LinkException failure(Throwable cause) {
    return FailureMapping.map(cause, target());
  }

  @Override
  public LinkException left() {
    String peer = target().toString();
    return new LinkException(FailureKind.CLOSED, peer + " closed the connection", peer, null);
  }
}
