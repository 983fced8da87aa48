package io.securestreams.reactor.transport.raw;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.transport.server.ReadyGate;
import io.securestreams.reactor.transport.server.ServerProtocol;
import io.securestreams.reactor.transport.server.ServerSpeaker;
import java.util.List;

/** Byte streams of servers, each on a connection of its own. */
public final class ServerRaw implements ServerProtocol {

  @Override
  public List<String> names(ServerPlan plan) {
    return List.of();
  }

  @Override
  public ServerSpeaker speaker(ServerPlan plan, Acceptor acceptor) {
    return channel -> speak(channel, plan.streamType(), acceptor);
  }

  private static void speak(Channel channel, String streamType, Acceptor acceptor) {
    // A client that has said everything may still listen to what it was answered.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel
        .pipeline()
        .addLast(
            new ReadyGate(streamType, ready -> ServerRawLink.begin(streamType, ready, acceptor)));
  }
}
