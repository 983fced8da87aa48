package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.server.ServerProtocol;
import io.securestreams.reactor.transport.server.ServerSpeaker;
import java.util.List;

/**
 * Speaks http/1.1, and what it may be upgraded to.
 *
 * <p>A connection's bytes go from Netty's codec straight to its link, without a hop and without an
 * operator in between. Without credit a connection is not read, so that a peer's leaving is then
 * seen late: when credit or the next request comes, or a time limit passes.
 */
public final class ServerHttp implements ServerProtocol {

  private final TransportSettings settings;
  private final ServerUpgrade upgrade;

  /**
   * The protocol of any number of listeners.
   *
   * @param settings time limits and sizes
   * @param upgrade what connections are upgraded to if the plan allows it
   */
  public ServerHttp(TransportSettings settings, ServerUpgrade upgrade) {
    this.settings = settings;
    this.upgrade = upgrade;
  }

  @Override
  public List<String> names(ServerPlan plan) {
    return List.of(ApplicationProtocolNames.HTTP_1_1);
  }

  @Override
  public ServerSpeaker speaker(ServerPlan plan, Acceptor acceptor) {
    ServerListening listening =
        new ServerListening(
            plan, settings, acceptor, upgrade, new ServerRequestMetadata(plan.metadata()));
    return channel -> speak(channel, listening);
  }

  private static void speak(Channel channel, ServerListening listening) {
    ServerResponseEncoder encoder = new ServerResponseEncoder();
    channel
        .pipeline()
        .addLast(
            new ServerRequestDecoder(listening.settings().headerBytes()),
            encoder,
            new ServerHttpHandler(listening, channel, encoder));
  }
}
