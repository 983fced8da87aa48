package io.securestreams.reactor.transport.raw;

import io.netty.channel.Channel;
import io.securestreams.core.plan.RawPlan;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.netty.SessionLink;
import io.securestreams.reactor.spi.LinkObserver;

/** One byte stream of a client. */
final class RawLink extends SessionLink<RawPlan> {

  RawLink(Dialer dialer, RawPlan plan, LinkObserver observer) {
    super(dialer, plan.target(), Alpn.NOTHING, plan, observer);
  }

  @Override
  protected Session session(Channel channel) {
    return new RawConnection(this, channel);
  }
}
