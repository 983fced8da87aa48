package io.securestreams.reactor.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.securestreams.core.policy.IpAttributes;
import java.net.SocketAddress;
import java.time.Duration;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;

/** Makes sockets and connects them. */
final class Connector {

  private static final int LEAST_READ = 64;
  private static final int FIRST_READ = 2 * 1024;

  /** Twice what Netty reads at most, so that a large download needs fewer system calls. */
  private static final int MOST_READ = 128 * 1024;

  private final LoopResources loops;
  private final int limitMs;

  /**
   * Creates a connector.
   *
   * @param loops event loops of the sockets
   * @param limit how long one attempt to connect may take
   */
  Connector(LoopResources loops, Duration limit) {
    this.loops = loops;
    this.limitMs = (int) Math.min(Integer.MAX_VALUE, limit.toMillis());
  }

  /** The event loop of the next connection. */
  EventLoop nextLoop() {
    return group().next();
  }

  /** What sockets of this process can do. */
  UnixSockets unixSockets() {
    return new UnixSockets(loops, group());
  }

  private EventLoopGroup group() {
    return loops.onClient(LoopResources.DEFAULT_NATIVE);
  }

  /**
   * Begins to connect over TCP.
   *
   * @param loop of {@link #nextLoop}
   * @param address resolved
   * @param attributes what the packets ask of the network
   */
  ChannelFuture tcp(EventLoop loop, SocketAddress address, IpAttributes attributes) {
    return connect(loop, () -> loops.onChannel(SocketChannel.class, group()), address, attributes);
  }

  /**
   * Begins to connect to a Unix domain socket.
   *
   * @param loop of {@link #nextLoop}
   * @param endpoint of {@link #unixSockets}
   */
  ChannelFuture unix(EventLoop loop, UnixSockets.Endpoint endpoint) {
    return connect(loop, endpoint.sockets(), endpoint.address(), IpAttributes.NONE);
  }

  /**
   * Gives a UDP socket its only peer, which is told nothing by it.
   *
   * @param loop of {@link #nextLoop}
   * @param address resolved
   * @param handler of what comes
   */
  ChannelFuture udp(EventLoop loop, SocketAddress address, ChannelHandler handler) {
    return new Bootstrap()
        .group(loop)
        .channelFactory(() -> loops.onChannel(DatagramChannel.class, group()))
        .disableResolver()
        .handler(handler)
        .connect(address);
  }

  private ChannelFuture connect(
      EventLoop loop,
      ChannelFactory<? extends Channel> sockets,
      SocketAddress address,
      IpAttributes attributes) {
    return new Bootstrap()
        .group(loop)
        .channelFactory(sockets)
        .disableResolver()
        .option(ChannelOption.AUTO_READ, false)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, MOST_READ))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limitMs)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                SocketAttributes.apply(attributes, channel);
                channel.pipeline().addLast(NettyPipeline.ReactiveBridge, PipelineEnd.INSTANCE);
              }
            })
        .connect(address);
  }
}
