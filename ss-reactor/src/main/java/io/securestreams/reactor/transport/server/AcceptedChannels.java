package io.securestreams.reactor.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import io.securestreams.core.plan.Address;
import io.securestreams.reactor.netty.SocketAttributes;
import io.securestreams.reactor.spi.ServerLimits;

/** Equips the connections of a listener with what the current plan asks for. */
@Sharable
final class AcceptedChannels extends ChannelInitializer<Channel> {

  private final ServerLimits limits;
  private final CurrentListening current;

  /**
   * For connections to come.
   *
   * @param limits of handshakes and of clients that do not read
   * @param current what they share
   */
  AcceptedChannels(ServerLimits limits, CurrentListening current) {
    this.limits = limits;
    this.current = current;
  }

  @Override
  protected void initChannel(Channel channel) {
    Listening listening = current.get();
    if (listening.plan().address() instanceof Address.Network) {
      SocketAttributes.apply(listening.plan().attributes(), channel);
    }
    channel.pipeline().addLast(new WriteStall(channel, limits.stall()));
    listening
        .tls()
        .ifPresent(
            context -> {
              SslHandler handler = context.newHandler(channel.alloc());
              handler.setHandshakeTimeoutMillis(limits.head().toMillis());
              channel.pipeline().addLast(handler);
            });
    listening.speaker().speak(channel);
  }
}
