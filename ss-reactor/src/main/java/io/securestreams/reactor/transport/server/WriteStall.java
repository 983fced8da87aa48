package io.securestreams.reactor.transport.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose client takes nothing of what there is to send, for too long. It stands
 * next to the socket, and looks only while something is left behind a flush.
 */
public final class WriteStall extends ChannelOutboundHandlerAdapter {

  private final Channel channel;
  private final Duration limit;
  private final Deadline deadline;
  private boolean watching;
  @Nullable private Object first;
  private long taken;
  private long waiting;

  /**
   * Watches nothing yet.
   *
   * @param channel the connection
   * @param limit how long nothing may be taken
   */
  public WriteStall(Channel channel, Duration limit) {
    this.channel = channel;
    this.limit = limit;
    this.deadline = new Deadline(channel.eventLoop(), this::look);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    if (!watching) {
      watching = isChanged();
      if (watching) {
        deadline.arm(limit.toNanos());
      }
    }
  }

  /** Takes down what is left; true if that is something, and not the same as before. */
  private boolean isChanged() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null || buffer.isEmpty()) {
      first = null;
      return false;
    }
    Object next = buffer.current();
    boolean same =
        next == first
            && taken == buffer.currentProgress()
            && waiting == buffer.totalPendingWriteBytes();
    first = next;
    taken = buffer.currentProgress();
    waiting = buffer.totalPendingWriteBytes();
    return !same;
  }

  private void look() {
    if (isChanged()) {
      deadline.arm(limit.toNanos());
      return;
    }
    watching = false;
    if (first != null) {
      first = null;
      String peer = Channels.peer(channel).orElse("unknown");
      channel
          .pipeline()
          .fireExceptionCaught(
              new LinkException(
                  FailureKind.TIMEOUT,
                  "Client takes nothing for longer than " + LimitText.of("stall", limit),
                  peer,
                  null));
      Channels.close(channel);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    deadline.stop();
    first = null;
  }
}
