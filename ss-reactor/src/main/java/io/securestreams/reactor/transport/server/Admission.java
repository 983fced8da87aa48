package io.securestreams.reactor.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.securestreams.reactor.netty.Channels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections a listening socket has, and whether it accepts more. Those that are too many
 * wait in the system's backlog. Lives on the socket's event loop.
 */
final class Admission extends ChannelInboundHandlerAdapter {

  private static final Logger LOGGER = LoggerFactory.getLogger(Admission.class);

  private final Channel socket;
  private final String streamType;
  private final int limit;
  private int open;
  private boolean wanted = true;
  private boolean told;

  /**
   * Admits connections.
   *
   * @param socket the listening socket
   * @param streamType for logs
   * @param limit most connections at a time
   */
  Admission(Channel socket, String streamType, int limit) {
    this.socket = socket;
    this.streamType = streamType;
    this.limit = limit;
  }

  /** Whether connections are wanted at all. Any thread. */
  void wanted(boolean value) {
    // Not from outside of the loop, where it would take effect only after one more connection.
    socket
        .eventLoop()
        .execute(
            () -> {
              wanted = value;
              update();
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    open++;
    ((Channel) accepted).closeFuture().addListener(closed -> count());
    if (open == limit) {
      tell();
      update();
    }
    context.fireChannelRead(accepted);
  }

  /**
   * On the connection's event loop. A closed socket accepts nothing; its event loop may be gone.
   */
  private void count() {
    if (socket.isOpen()) {
      Channels.run(socket, this::connectionClosed);
    }
  }

  private void connectionClosed() {
    open--;
    if (open == limit - 1) {
      update();
    }
  }

  private void update() {
    socket.config().setAutoRead(wanted && open < limit);
  }

  /** Once: who is at the limit may be there again with every connection. */
  private void tell() {
    if (!told) {
      told = true;
      LOGGER
          .atWarn()
          .addKeyValue("streamType", streamType)
          .addKeyValue("failure", LimitText.of("connections", limit))
          .log("The listener has as many connections as it may; further ones wait");
    }
  }
}
