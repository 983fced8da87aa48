package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import reactor.netty.NettyPipeline;

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
   * Closes a datagram channel in a task of its own. Netty's epoll transport goes on reading from a
   * socket that was closed by what it read; by then its number may be that of another socket, whose
   * datagrams would be lost, or for which the event loop would wait for ever.
   *
   * @param loop of the channel, or where it was to live
   * @param socket any channel, closed ones included
   */
  public static void closeLater(EventLoop loop, Channel socket) {
    loop.execute(() -> close(socket));
  }

  /**
   * Runs a task on a channel's event loop: now if the caller is on it, else soon.
   *
   * @param channel any channel
   * @param task must not block
   */
  public static void run(Channel channel, Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
    } else {
      channel.eventLoop().execute(task);
    }
  }

  /**
   * Adds handlers behind those that are there; Reactor Netty's bridge, if there is one, stays last.
   *
   * @param channel on its event loop
   * @param handlers in the order of received messages
   */
  public static void append(Channel channel, ChannelHandler... handlers) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.context(NettyPipeline.ReactiveBridge) == null) {
      pipeline.addLast(handlers);
      return;
    }
    for (ChannelHandler handler : handlers) {
      pipeline.addBefore(NettyPipeline.ReactiveBridge, null, handler);
    }
  }

  /**
   * The certificate that a channel's peer showed, and proved to own.
   *
   * @param channel any channel
   * @return empty if it showed none, and after the connection's end
   */
  public static Optional<X509Certificate> certificate(Channel channel) {
    Optional<SSLEngine> tls =
        channel instanceof QuicStreamChannel stream
            ? Optional.ofNullable(stream.parent().sslEngine())
            : Optional.ofNullable(channel.pipeline().get(SslHandler.class)).map(SslHandler::engine);
    if (tls.isEmpty()) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = tls.get().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate own ? Optional.of(own) : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  /**
   * The address of a channel's peer.
   *
   * @param channel any channel
   * @return {@code address:port}, or empty if it is not connected or has no address
   */
  public static Optional<String> peer(Channel channel) {
    SocketAddress remote =
        channel instanceof QuicStreamChannel stream
            ? stream.parent().remoteSocketAddress()
            : channel.remoteAddress();
    if (remote instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      return Optional.of((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort());
    }
    // Who connects to a Unix domain socket has no name of its own.
    return Optional.ofNullable(remote).map(SocketAddress::toString).filter(name -> !name.isEmpty());
  }
}
