package io.securestreams.reactor.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.securestreams.reactor.netty.Channels;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a TCP server, and lets go wrong what a schedule says. What happens
 * depends on the bytes only, and on timers of its own.
 */
public final class FaultProxy implements FaultPath {

  /** Shared by all proxies; its one thread ends with the process. */
  static final EventLoopGroup LOOP =
      new MultiThreadIoEventLoopGroup(
          1,
          task -> {
            Thread thread = new Thread(task, "fault-proxy");
            thread.setDaemon(true);
            return thread;
          },
          NioIoHandler.newFactory());

  private final int target;
  private final FaultSchedule schedule;
  private final Channel listening;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  /**
   * Begins to listen on the loopback.
   *
   * @param target port of the server
   * @param schedule the faults of each connection, which are counted from 0
   */
  public FaultProxy(int target, FaultSchedule schedule) {
    this.target = target;
    this.schedule = schedule;
    this.listening =
        new ServerBootstrap()
            .group(LOOP)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    accepted(client);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  private void accepted(SocketChannel client) {
    List<Fault> faults = schedule.of(connections.getAndIncrement());
    open.incrementAndGet();
    ChannelFuture dialled =
        new Bootstrap()
            .group(client.eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel server) {
                    FaultPipe.join(
                        client, server, faults, answered::addAndGet, open::decrementAndGet);
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), target);
    dialled.addListener(
        connected -> {
          if (connected.isSuccess()) {
            client.config().setAutoRead(true);
            dialled.channel().config().setAutoRead(true);
          } else {
            open.decrementAndGet();
            Channels.close(client);
          }
        });
  }

  @Override
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public int connections() {
    return connections.get();
  }

  @Override
  public int open() {
    return open.get();
  }

  @Override
  public int answered() {
    return answered.get();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
  }
}
