package io.securestreams.reactor.transport.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.securestreams.reactor.transport.http.ConnectionKey.Credit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much the peer may send. The connection's window is opened again as bytes come, so that a
 * stream that nobody reads holds up itself alone; a stream's window as its bytes are taken, or by
 * the application alone.
 *
 * <p>Netty's own controller does not tell the peer of small credit, and ends a stream whose peer
 * overshoots.
 */
final class H2Credit implements Http2LocalFlowController {

  private static final int CONNECTION_WINDOW = 1024 * 1024;

  /** What a peer may send too much, because it has not seen our settings yet. */
  private static final int OVERSHOOT = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

  private final Http2Connection.PropertyKey occupants;
  private final Credit credit;
  private final int streamWindow;
  private int connectionWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
  @Nullable private Http2FrameWriter writer;
  @Nullable private ChannelHandlerContext ctx;

  /**
   * Creates the windows of a connection.
   *
   * @param occupants under which a stream keeps its {@link H2Occupant}
   * @param credit who opens the windows of streams
   * @param streamWindow most bytes of a stream that wait here to be taken, unless the application
   *     opens the windows
   */
  H2Credit(Http2Connection.PropertyKey occupants, Credit credit, int streamWindow) {
    this.occupants = occupants;
    this.credit = credit;
    this.streamWindow = streamWindow;
  }

  /** Under which a stream keeps its {@link H2Occupant}. */
  Http2Connection.PropertyKey occupants() {
    return occupants;
  }

  @Override
  public Http2LocalFlowController frameWriter(Http2FrameWriter frameWriter) {
    writer = frameWriter;
    return this;
  }

  @Override
  public void channelHandlerContext(ChannelHandlerContext context) {
    ctx = context;
  }

  /** Opens the connection's window; the settings were written. */
  void begin() {
    refill();
  }

  @Override
  public void receiveFlowControlledFrame(
      @Nullable Http2Stream stream, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
    int bytes = data.readableBytes() + padding;
    connectionWindow -= bytes;
    if (connectionWindow < 0) {
      throw Http2Exception.connectionError(
          Http2Error.FLOW_CONTROL_ERROR,
          "%d bytes past the connection's window",
          -connectionWindow);
    }
    if (connectionWindow <= CONNECTION_WINDOW / 2) {
      refill();
    }
    H2Window window = window(stream);
    if (window == null || stream == null) {
      return;
    }
    window.received(bytes);
    if (window.left() < (credit == Credit.MANUAL ? -OVERSHOOT : 0)) {
      throw Http2Exception.streamError(
          stream.id(),
          Http2Error.FLOW_CONTROL_ERROR,
          "%d bytes past the stream's window",
          -window.left());
    }
  }

  @Override
  public boolean consumeBytes(@Nullable Http2Stream stream, int bytes) {
    H2Window window = window(stream);
    if (window == null || stream == null || bytes <= 0) {
      return false;
    }
    window.taken(bytes);
    int missing = streamWindow - window.left() - window.held();
    if (credit == Credit.MANUAL || missing < streamWindow / 2 || !stream.state().remoteSideOpen()) {
      return false;
    }
    update(stream.id(), window.open(missing));
    return true;
  }

  /** Lets the peer send more on a stream, because the application says so. */
  void grant(Http2Stream stream, long bytes) {
    H2Window window = window(stream);
    if (window != null && stream.state().remoteSideOpen()) {
      update(stream.id(), window.open(bytes));
    }
  }

  @Override
  public int unconsumedBytes(Http2Stream stream) {
    H2Window window = window(stream);
    return window == null ? 0 : window.held();
  }

  @Override
  public int windowSize(Http2Stream stream) {
    H2Window window = window(stream);
    return window == null ? connectionWindow : window.left();
  }

  @Override
  public void incrementWindowSize(Http2Stream stream, int delta) {
    grant(stream, delta);
  }

  @Override
  public int initialWindowSize(Http2Stream stream) {
    return initialWindowSize();
  }

  @Override
  public int initialWindowSize() {
    return credit == Credit.MANUAL ? 0 : streamWindow;
  }

  @Override
  public void initialWindowSize(int acknowledged) {
    // A client's streams began after its settings, and a server's size is what holds without any.
  }

  private void refill() {
    int missing = CONNECTION_WINDOW - connectionWindow;
    connectionWindow = CONNECTION_WINDOW;
    update(Http2CodecUtil.CONNECTION_STREAM_ID, missing);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void update(int streamId, int bytes) {
    if (bytes > 0) {
      ChannelHandlerContext context = Objects.requireNonNull(ctx, "ctx");
      Objects.requireNonNull(writer, "writer")
          .writeWindowUpdate(context, streamId, bytes, context.newPromise());
    }
  }

  private @Nullable H2Window window(@Nullable Http2Stream stream) {
    if (stream == null) {
      return null;
    }
    H2Occupant occupant = stream.getProperty(occupants);
    return occupant == null ? null : occupant.window();
  }
}
