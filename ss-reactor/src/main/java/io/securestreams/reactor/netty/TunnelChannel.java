package io.securestreams.reactor.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A channel of its own for the bytes that one stream of a connection carries, so that what speaks
 * on a socket speaks on the stream, too. It lives on the event loop of the connection, and does not
 * read by itself.
 *
 * <p>A write is complete when the stream let it go; what waits for that counts against the
 * channel's own limits, so that it is writable as long as the stream is.
 */
public final class TunnelChannel extends AbstractChannel {

  /** The stream. On the event loop only. */
  public interface Carrier {

    /**
     * Writes bytes, without a flush.
     *
     * @param piece is released
     * @param written told when the stream let it go
     */
    void write(ByteBuf piece, ChannelFutureListener written);

    /** Has what was written go out soon. */
    void flush();

    /**
     * The peer may send so much more.
     *
     * @param bytes of those received
     */
    void taken(int bytes);

    /** The channel is closed; nothing is written any more. */
    void closed();
  }

  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private final ChannelConfig config = new DefaultChannelConfig(this).setAutoRead(false);
  private final Carrier carrier;
  private final Queue<ByteBuf> arrived = new ArrayDeque<>(2);
  private final ChannelFutureListener written = this::written;

  private boolean closed;
  private boolean wanted;
  private boolean handing;
  private boolean writing;
  private boolean ended;
  @Nullable private Throwable cause;

  /** Messages of the outbound buffer that the carrier has and has not let go. */
  private int underWay;

  /**
   * A channel that is active once it is registered.
   *
   * @param parent the connection
   * @param carrier its stream
   */
  public TunnelChannel(Channel parent, Carrier carrier) {
    super(parent);
    this.carrier = carrier;
  }

  // What the stream says.

  /**
   * Bytes came.
   *
   * @param data is not released here
   */
  public void received(ByteBuf data) {
    if (!closed && !ended && data.isReadable()) {
      arrived.add(data.retainedSlice());
      hand();
    }
  }

  /**
   * Nothing more comes; the channel closes once what came is read.
   *
   * @param why told behind what came; null if the peer ended the stream in order
   */
  public void ended(@Nullable Throwable why) {
    if (!ended) {
      ended = true;
      cause = why;
      hand();
    }
  }

  // Reading.

  @Override
  protected void doBeginRead() {
    wanted = true;
    hand();
  }

  /** Hands out one piece for each read that is asked for, and behind the last one the end. */
  private void hand() {
    if (handing) {
      return;
    }
    handing = true;
    try {
      while (wanted && !arrived.isEmpty()) {
        wanted = false;
        ByteBuf next = arrived.remove();
        int bytes = next.readableBytes();
        pipeline().fireChannelRead(next);
        carrier.taken(bytes);
        pipeline().fireChannelReadComplete();
      }
    } finally {
      handing = false;
    }
    if (ended && arrived.isEmpty() && !closed) {
      Throwable why = cause;
      if (why != null) {
        pipeline().fireExceptionCaught(why);
      }
      unsafe().close(voidPromise());
    }
  }

  // Writing.

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (message instanceof ByteBuf) {
      return message;
    }
    throw new UnsupportedOperationException("a stream carries bytes, not " + message.getClass());
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
    int before = underWay;
    int[] seen = {0};
    writing = true;
    try {
      buffer.forEachFlushedMessage(
          message -> {
            if (seen[0]++ >= before) {
              underWay++;
              carrier.write(((ByteBuf) message).retainedDuplicate(), written);
            }
            return true;
          });
    } finally {
      writing = false;
    }
    carrier.flush();
  }

  private void written(ChannelFuture piece) {
    if (writing) {
      // Failed at once: the buffer may not change while it is walked.
      eventLoop().execute(() -> written(piece));
      return;
    }
    underWay--;
    ChannelOutboundBuffer buffer = unsafe().outboundBuffer();
    if (buffer == null) {
      // Closed meanwhile, and told so.
      return;
    }
    if (piece.isSuccess()) {
      buffer.remove();
    } else {
      buffer.remove(piece.cause());
    }
  }

  // What a channel is.

  @Override
  protected void doClose() {
    closed = true;
    arrived.forEach(ByteBuf::release);
    arrived.clear();
    carrier.closed();
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException("a stream has no address of its own");
  }

  @Override
  protected SocketAddress localAddress0() {
    return parent().localAddress();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return parent().remoteAddress();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop == parent().eventLoop();
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public boolean isActive() {
    return !closed && isRegistered();
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new TunnelUnsafe();
  }

  private final class TunnelUnsafe extends AbstractUnsafe {

    @Override
    public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
      promise.setFailure(new UnsupportedOperationException("a stream is connected from the start"));
    }
  }
}
