package io.securestreams.reactor.netty;

import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/** Asks the hosts file and the name servers of the system, both families. */
final class DnsLookup implements HostLookup, AutoCloseable {

  private final DnsAddressResolverGroup resolvers;

  /**
   * A lookup that has asked nobody yet. What it learns it keeps as long as the name servers allow.
   *
   * @param loops event loops of the questions
   */
  DnsLookup(LoopResources loops) {
    this.resolvers =
        NameResolverProvider.builder()
            .completeOncePreferredResolved(false)
            .build()
            .newNameResolverGroup(loops, LoopResources.DEFAULT_NATIVE);
  }

  @Override
  public Future<List<InetSocketAddress>> addresses(String host, int port, EventLoop loop) {
    return resolvers.getResolver(loop).resolveAll(InetSocketAddress.createUnresolved(host, port));
  }

  @Override
  public void close() {
    resolvers.close();
  }
}
