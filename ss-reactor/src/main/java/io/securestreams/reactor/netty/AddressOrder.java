package io.securestreams.reactor.netty;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** In which order the addresses of one name are tried. */
final class AddressOrder {

  private AddressOrder() {}

  /**
   * IPv6 and IPv4 by turns, IPv6 first; each family keeps its order. Source: RFC 8305 section 4.
   *
   * @param addresses any
   */
  static List<InetSocketAddress> interleaved(List<InetSocketAddress> addresses) {
    Queue<InetSocketAddress> next = new ArrayDeque<>();
    Queue<InetSocketAddress> after = new ArrayDeque<>();
    for (InetSocketAddress address : addresses) {
      (address.getAddress() instanceof Inet6Address ? next : after).add(address);
    }
    List<InetSocketAddress> order = new ArrayList<>(addresses.size());
    while (!next.isEmpty() || !after.isEmpty()) {
      InetSocketAddress address = next.poll();
      if (address != null) {
        order.add(address);
      }
      Queue<InetSocketAddress> turn = next;
      next = after;
      after = turn;
    }
    return order;
  }
}
