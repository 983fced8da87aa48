package io.securestreams.reactor.transport.ws;

import io.netty.channel.Channel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.netty.SessionLink;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.HeadObserver;
import io.securestreams.reactor.transport.http.ResponseHead;
import java.time.Clock;

/** One WebSocket of a client. */
final class ClientWsLink extends SessionLink<WsPlan> {

  private final TransportSettings settings;
  private final Clock clock;

  ClientWsLink(
      Dialer dialer, TransportSettings settings, Clock clock, WsPlan plan, LinkObserver observer) {
    super(dialer, plan.target(), Alpn.HTTP_1_1, plan, observer);
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  protected Session session(Channel channel) {
    try {
      return new ClientWsConnection(this, channel, new ClientWsHandshake(plan(), settings));
    } catch (IllegalArgumentException e) {
      throw new LinkException(
          FailureKind.PLAN,
          "the request of stream type \"" + plan().streamType() + "\" cannot be sent",
          target().toString(),
          e);
    }
  }

  TransportSettings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  /** Shows the head of the answer, if the observer looks at heads. */
  void show(ResponseHead head) {
    if (!isClosed()) {
      HeadObserver.show(observer(), head);
    }
  }
}
