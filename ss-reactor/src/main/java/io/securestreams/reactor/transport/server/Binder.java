package io.securestreams.reactor.transport.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannel;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.UnixSockets;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/** Binds listening sockets. */
final class Binder {

  private final LoopResources loops;
  private final Scheduler blocking;
  private final int connections;

  /**
   * Binds nothing yet.
   *
   * @param loops event loops; not disposed of here
   * @param blocking where names are resolved and files are looked at
   * @param connections most connections of a socket at a time
   */
  Binder(LoopResources loops, Scheduler blocking, int connections) {
    this.loops = loops;
    this.blocking = blocking;
    this.connections = connections;
  }

  /**
   * A listening socket.
   *
   * @param channel the socket
   * @param admission decides whether it accepts
   */
  record Bound(Channel channel, Admission admission) {}

  /**
   * Binds once subscribed.
   *
   * @param plan where
   * @param accepted equips the connections
   */
  Mono<Bound> bind(ServerPlan plan, AcceptedChannels accepted) {
    return Mono.defer(
            () ->
                plan.address() instanceof Address.Unix unix
                    ? unix(plan, unix, accepted)
                    : tcp(plan, accepted))
        .subscribeOn(blocking);
  }

  private Mono<Bound> tcp(ServerPlan plan, AcceptedChannels accepted) {
    return Mono.fromCallable(() -> ListenAddress.of(plan))
        .flatMap(
            address ->
                bound(
                    bootstrap(plan, accepted)
                        .channelFactory(
                            () -> loops.onChannel(ServerSocketChannel.class, acceptors()))
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .bind(address)));
  }

  private Mono<Bound> unix(ServerPlan plan, Address.Unix name, AcceptedChannels accepted) {
    return Mono.fromCallable(
            () -> {
              SocketFile file = new SocketFile(name);
              file.clear();
              return file;
            })
        .flatMap(
            file -> {
              UnixSockets.Bindable socket = new UnixSockets(loops, acceptors()).bindable(name);
              return bound(
                      bootstrap(plan, accepted)
                          .channelFactory(socket.sockets())
                          .bind(socket.address()))
                  .publishOn(blocking)
                  .doOnNext(bound -> file.open());
            });
  }

  private ServerBootstrap bootstrap(ServerPlan plan, AcceptedChannels accepted) {
    return new ServerBootstrap()
        .group(acceptors(), loops.onServer(LoopResources.DEFAULT_NATIVE))
        // One at a time, so that none is accepted beyond the limit.
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1))
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel socket) {
                socket.pipeline().addLast(new Admission(socket, plan.streamType(), connections));
              }
            })
        .childOption(ChannelOption.AUTO_READ, false)
        // One read of a connection fills one buffer at most: this bounds what waits for credit.
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
        .childHandler(accepted);
  }

  private EventLoopGroup acceptors() {
    return loops.onServerSelect(LoopResources.DEFAULT_NATIVE);
  }

  private static Mono<Bound> bound(ChannelFuture binding) {
    Channel socket = binding.channel();
    return Mono.create(
        sink -> {
          sink.onCancel(() -> Channels.close(socket));
          binding.addListener(
              result -> {
                if (result.isSuccess()) {
                  sink.success(new Bound(socket, socket.pipeline().get(Admission.class)));
                } else {
                  sink.error(result.cause());
                }
              });
        });
  }
}
