package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** Small questions and orders to a channel. */
public final class Channels {

  private Channels() {}

  /**
   * Closes a channel without waiting for it.
   *
   * @param channel any channel, closed ones included
   */
  @SuppressWarnings("FutureReturnValueIgnored")
  public static void close(Channel channel) {
    channel.close();
  }

  /**
   * The address of a channel's peer.
   *
   * @param channel any channel
   * @return {@code address:port}, or empty if it is not connected
   */
  public static Optional<String> peer(Channel channel) {
    SocketAddress remote = channel.remoteAddress();
    if (remote instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      return Optional.of((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort());
    }
    return Optional.ofNullable(remote).map(SocketAddress::toString);
  }
}
