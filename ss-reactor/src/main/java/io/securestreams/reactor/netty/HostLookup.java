package io.securestreams.reactor.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;

/** Finds the addresses of names. Implementations are safe from any thread and never block. */
@FunctionalInterface
interface HostLookup {

  /**
   * All addresses of a name.
   *
   * @param host a name, never an address literal
   * @param port becomes part of the addresses
   * @param loop where the answer is told
   * @return one or more addresses of both families, in the order of preference of each; or an
   *     {@link java.net.UnknownHostException}
   */
  Future<List<InetSocketAddress>> addresses(String host, int port, EventLoop loop);
}
