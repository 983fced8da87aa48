package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.ServerDomainSocketChannel;
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
public final class UnixSockets {

  private final LoopResources loops;
  private final EventLoopGroup group;

  /**
   * Sockets on event loops.
   *
   * @param loops makes channels that fit the group
   * @param group event loops of the sockets
   */
  public UnixSockets(LoopResources loops, EventLoopGroup group) {
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
   * A socket to be bound.
   *
   * @param sockets makes what listens
   * @param address in the form of these sockets
   */
  public record Bindable(ChannelFactory<? extends ServerChannel> sockets, SocketAddress address) {}

  /**
   * How to connect to a name.
   *
   * @throws LinkException of kind CONNECT if this process cannot
   */
  Endpoint endpoint(Address.Unix address) {
    requireUsable(address, "connect to ");
    return isOfTheJdk(address)
        ? new Endpoint(NioDomainSocketChannel::new, UnixDomainSocketAddress.of(address.name()))
        : new Endpoint(
            () -> loops.onChannel(DomainSocketChannel.class, group), addressOfNetty(address));
  }

  /**
   * How to listen at a name.
   *
   * @param address name of the socket
   * @throws LinkException of kind CONNECT if this process cannot
   */
  public Bindable bindable(Address.Unix address) {
    requireUsable(address, "listen on ");
    return isOfTheJdk(address)
        ? new Bindable(
            NioServerDomainSocketChannel::new, UnixDomainSocketAddress.of(address.name()))
        : new Bindable(
            () -> loops.onChannel(ServerDomainSocketChannel.class, group), addressOfNetty(address));
  }

  private boolean isOfTheJdk(Address.Unix address) {
    return !address.isAbstract() && NioSocketChannel.class.isAssignableFrom(tcp());
  }

  private Class<? extends Channel> tcp() {
    return loops.onChannelClass(SocketChannel.class, group);
  }

  private static DomainSocketAddress addressOfNetty(Address.Unix address) {
    return new DomainSocketAddress(
        address.isAbstract() ? '\0' + address.name().substring(1) : address.name());
  }

  private void requireUsable(Address.Unix address, String purpose) {
    if (address.isAbstract() && tcp() != EpollSocketChannel.class) {
      throw new LinkException(
          FailureKind.CONNECT,
          "cannot "
              + purpose
              + address
              + ": abstract names need Linux and Netty's native transport, which is not there for "
              + platform()
              + "; name a path",
          address.toString(),
          null);
    }
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
