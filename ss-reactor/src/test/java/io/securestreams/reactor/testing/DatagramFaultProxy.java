package io.securestreams.reactor.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.testing.Fault.Direction;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a UDP server, and lets go wrong what a schedule says. What comes from
 * one port of the client is taken for one connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Datagrams that cannot be sent are lost.
public final class DatagramFaultProxy implements FaultPath {

  private final InetSocketAddress server;
  private final FaultSchedule schedule;
  private final Channel listening;
  private final Map<InetSocketAddress, Flow> flows = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  /**
   * Begins to listen on the loopback.
   *
   * @param target port of the server
   * @param schedule the faults of each connection, which are counted from 0
   */
  public DatagramFaultProxy(int target, FaultSchedule schedule) {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), target);
    this.schedule = schedule;
    this.listening =
        new Bootstrap()
            .group(FaultProxy.LOOP)
            .channel(NioDatagramChannel.class)
            .handler(
                new SimpleChannelInboundHandler<DatagramPacket>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext context, DatagramPacket sent) {
                    flows
                        .computeIfAbsent(sent.sender(), Flow::new)
                        .asked(ByteBufUtil.getBytes(sent.content()));
                  }

                  @Override
                  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    // A client that has left: nothing is to be told to anybody.
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public int connections() {
    return flows.size();
  }

  /** Counts the ports of the client that are in use: UDP knows no other end. */
  @Override
  public int open() {
    return (int) flows.keySet().stream().filter(DatagramFaultProxy::isTaken).count();
  }

  private static boolean isTaken(InetSocketAddress address) {
    try (DatagramSocket probe = new DatagramSocket(address)) {
      return !probe.isBound();
    } catch (SocketException taken) {
      return true;
    }
  }

  @Override
  public int answered() {
    return answered.get();
  }

  /** Datagrams that went to the server so far. */
  public int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    flows.values().forEach(Flow::close);
  }

  /** The datagrams of one port of the client, both ways; on the event loop. */
  private final class Flow {

    private final DatagramLane request;
    private final DatagramLane answer;
    private final ChannelFuture dialled;

    Flow(InetSocketAddress client) {
      List<Fault> faults = schedule.of(flows.size());
      request = new DatagramLane(to(Direction.REQUEST, faults), this::ask, this::happen);
      answer =
          new DatagramLane(
              to(Direction.ANSWER, faults), bytes -> answer(client, bytes), this::happen);
      dialled =
          new Bootstrap()
              .group(listening.eventLoop())
              .channel(NioDatagramChannel.class)
              .handler(
                  new SimpleChannelInboundHandler<DatagramPacket>() {
                    @Override
                    protected void channelRead0(
                        ChannelHandlerContext context, DatagramPacket sent) {
                      answer.arrived(ByteBufUtil.getBytes(sent.content()));
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                      // A server that has left: the client waits in vain.
                    }
                  })
              .connect(server);
    }

    private static List<Fault> to(Direction direction, List<Fault> faults) {
      return faults.stream().filter(fault -> fault.direction() == direction).toList();
    }

    void asked(byte[] datagram) {
      request.arrived(datagram);
    }

    private void ask(byte[] datagram) {
      asked.incrementAndGet();
      dialled.addListener(
          connected -> dialled.channel().writeAndFlush(Unpooled.wrappedBuffer(datagram)));
    }

    private void answer(InetSocketAddress client, byte[] datagram) {
      answered.incrementAndGet();
      listening.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), client));
    }

    /** What happens to more than one lane. */
    private void happen(Fault fault) {
      request.stop();
      answer.stop();
      if (fault.kind() == Fault.Kind.CLOSED_PORT) {
        listening.close();
      }
    }

    void close() {
      Channels.close(dialled.channel());
    }
  }
}
