package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import reactor.netty.resources.LoopResources;

/** Unix domain sockets with what this process has: Netty's native transport or the JDK's. */
final class UnixSockets {

  private final LoopResources loops;
  private final EventLoopGroup group;

  UnixSockets(LoopResources loops, EventLoopGroup group) {
    this.loops = loops;
    this.group = group;
  }

  /**
   * A socket to be connected.
   *
   * @param sockets makes what connects
   * @param address in the form of these sockets
   */
  record Endpoint(ChannelFactory<? extends Channel> sockets, SocketAddress address) {}

  /**
   * How to connect to a name.
   *
   * @throws LinkException of kind CONNECT if this process cannot
   */
  Endpoint endpoint(Address.Unix address) {
    Class<? extends Channel> tcp = loops.onChannelClass(SocketChannel.class, group);
    ChannelFactory<Channel> ofNetty = () -> loops.onChannel(DomainSocketChannel.class, group);
    if (address.isAbstract()) {
      if (tcp != EpollSocketChannel.class) {
        throw new LinkException(
            FailureKind.CONNECT,
            "cannot connect to "
                + address
                + ": abstract names need Linux and Netty's native transport, which is not there for "
                + platform()
                + "; name a path",
            address.toString(),
            null);
      }
      return new Endpoint(ofNetty, new DomainSocketAddress('\0' + address.name().substring(1)));
    }
    return NioSocketChannel.class.isAssignableFrom(tcp)
        ? new Endpoint(NioDomainSocketChannel::new, UnixDomainSocketAddress.of(address.name()))
        : new Endpoint(ofNetty, new DomainSocketAddress(address.name()));
  }

  private static String platform() {
    return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
  }

  /**
   * What is wrong with a socket that could not be connected to.
   *
   * @param error of the system
   */
  static String problem(Throwable error) {
    String text = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    if (error instanceof FileNotFoundException
        || error instanceof NoSuchFileException
        || text.contains("no such file")) {
      return "it does not exist";
    }
    if (text.contains("permission denied")) {
      return "permission denied";
    }
    return error instanceof ConnectException && text.contains("refused")
        ? "nobody listens there, or it is no socket"
        : String.valueOf(error.getMessage());
  }
}
