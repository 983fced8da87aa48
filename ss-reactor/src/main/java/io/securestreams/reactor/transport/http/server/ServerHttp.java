package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.Protocol;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.server.ReadyGate;
import io.securestreams.reactor.transport.server.ServerProtocol;
import io.securestreams.reactor.transport.server.ServerSpeaker;
import java.util.List;

/**
 * Speaks http/1.1, what it may be upgraded to, and HTTP/2 with clients that know it: over TLS by
 * agreement, otherwise by the first bytes. A listener of protocol ws prefers http/1.1, which every
 * client of WebSockets knows.
 *
 * <p>A connection's bytes go from Netty's codec straight to its link, without a hop and without an
 * operator in between. Without credit a connection is not read, so that a peer's leaving is then
 * seen late: when credit or the next request comes, or a time limit passes.
 */
public final class ServerHttp implements ServerProtocol {

  private final TransportSettings settings;
  private final ServerUpgrade upgrade;
  private final ServerMultiplexing multiplexing;

  /**
   * The protocol of any number of listeners.
   *
   * @param settings time limits and sizes
   * @param upgrade what connections are upgraded to if the plan allows it
   * @param multiplexing speaks HTTP/2
   */
  public ServerHttp(
      TransportSettings settings, ServerUpgrade upgrade, ServerMultiplexing multiplexing) {
    this.settings = settings;
    this.upgrade = upgrade;
    this.multiplexing = multiplexing;
  }

  @Override
  public List<String> names(ServerPlan plan) {
    return plan.protocol() == Protocol.WS
        ? List.of(ApplicationProtocolNames.HTTP_1_1, ApplicationProtocolNames.HTTP_2)
        : List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
  }

  @Override
  public ServerSpeaker speaker(ServerPlan plan, Acceptor acceptor) {
    return new Speaker(ServerListening.of(plan, settings, acceptor, upgrade));
  }

  /** What is said by one plan. */
  private final class Speaker implements ServerSpeaker {

    private final ServerListening listening;

    Speaker(ServerListening listening) {
      this.listening = listening;
    }

    @Override
    public void speak(Channel channel) {
      ServerPlan plan = listening.plan();
      if (plan.identity().isPresent()) {
        channel.pipeline().addLast(new ReadyGate(plan.streamType(), this::agreed));
      } else if (plan.protocol() == Protocol.H2) {
        channel
            .pipeline()
            .addLast(new ServerPrefaceGate(listening, channel, this::multiplexed, this::began));
      } else {
        single(channel);
      }
    }

    private void agreed(Channel channel) {
      String name = channel.pipeline().get(SslHandler.class).applicationProtocol();
      if (ApplicationProtocolNames.HTTP_2.equals(name)) {
        multiplexed(channel);
      } else {
        single(channel).takeOver(false);
      }
    }

    private void multiplexed(Channel channel) {
      multiplexing.speak(channel, listening);
    }

    private ServerHttpHandler single(Channel channel) {
      ServerResponseEncoder encoder = new ServerResponseEncoder();
      ServerHttpHandler handler = new ServerHttpHandler(listening, channel, encoder);
      channel
          .pipeline()
          .addLast(new ServerRequestDecoder(settings.headerBytes()), encoder, handler);
      return handler;
    }

    private void began(Channel channel) {
      single(channel).takeOver(true);
    }

    @Override
    public void leave() {
      listening.connections().leave();
    }
  }
}
