package io.securestreams.reactor.transport.http.h2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.securestreams.reactor.transport.http.ConnectionKey;
import io.securestreams.reactor.transport.http.ConnectionKey.Credit;
import io.securestreams.reactor.transport.http.ConnectionKey.Increments;

/**
 * Netty's h2 codec for one connection, as ours are.
 *
 * @param connection its streams
 * @param encoder writes frames
 * @param decoder reads frames
 * @param settings what the peer is told first
 * @param credit how much the peer may send
 * @param guard how much idle talk it may send
 * @param occupants under which a stream keeps its {@link H2Occupant}
 */
record H2Codec(
    Http2Connection connection,
    Http2ConnectionEncoder encoder,
    Http2ConnectionDecoder decoder,
    Http2Settings settings,
    H2Credit credit,
    H2Guard guard,
    Http2Connection.PropertyKey occupants) {

  /** As the reference grants after a request's head. */
  static final int CLIENT_WINDOW = 256 * 1024;

  /** What holds without settings: a client may begin before it has seen ours. */
  static final int SERVER_WINDOW = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

  /** Streams that a client may have at a time. */
  static final int SERVER_STREAMS = 100;

  /** CONTINUATION frames of next to nothing, in one block of headers. */
  private static final int MAX_SMALL_CONTINUATIONS = 16;

  /**
   * Makes the codec of a client.
   *
   * @param key whose marks shape the windows
   * @param headerBytes most bytes of a header list
   */
  static H2Codec client(ConnectionKey key, int headerBytes) {
    Http2Connection connection = new DefaultHttp2Connection(false);
    H2Codec codec =
        of(
            connection,
            new H2Credit(connection.newKey(), key.credit(), CLIENT_WINDOW),
            key.increments(),
            H2Guard.MAX_FRAMES,
            headerBytes);
    codec.settings().pushEnabled(false).initialWindowSize(codec.credit().initialWindowSize());
    return codec;
  }

  /**
   * Makes the codec of a server.
   *
   * @param headerBytes most bytes of a header list
   * @param tunnels whether streams may be asked to carry another protocol
   */
  static H2Codec server(int headerBytes, boolean tunnels) {
    Http2Connection connection = new DefaultHttp2Connection(true);
    H2Codec codec =
        of(
            connection,
            new H2Credit(connection.newKey(), Credit.AUTOMATIC, SERVER_WINDOW),
            Increments.EXACT,
            H2Guard.MAX_CLIENT_RESETS,
            headerBytes);
    codec.settings().maxConcurrentStreams(SERVER_STREAMS);
    if (tunnels) {
      codec.settings().connectProtocolEnabled(true);
    }
    // Also for a client that never acknowledges the settings.
    connection.remote().maxActiveStreams(SERVER_STREAMS);
    return codec;
  }

  private static H2Codec of(
      Http2Connection connection,
      H2Credit credit,
      Increments increments,
      int maxResets,
      int headerBytes) {
    connection.local().flowController(credit);
    connection.remote().flowController(new PeersCredit(connection, increments));
    H2Guard guard =
        new H2Guard(
            new DefaultHttp2FrameReader(
                new DefaultHttp2HeadersDecoder(true, headerBytes), MAX_SMALL_CONTINUATIONS),
            maxResets);
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter());
    return new H2Codec(
        connection,
        encoder,
        new DefaultHttp2ConnectionDecoder(connection, encoder, guard),
        new Http2Settings().maxHeaderListSize(headerBytes),
        credit,
        guard,
        credit.occupants());
  }

  /** Says who is told what comes. */
  <F extends Http2FrameListener & Http2Connection.Listener & Http2RemoteFlowController.Listener>
      void listener(F frames) {
    decoder.frameListener(frames);
    connection.addListener(frames);
    encoder.flowController().listener(frames);
  }

  /** The peer's windows, which it may open too far if the policy forgives it. */
  private static final class PeersCredit extends DefaultHttp2RemoteFlowController {

    private final Increments increments;

    PeersCredit(Http2Connection connection, Increments increments) {
      super(connection, new UniformStreamByteDistributor(connection));
      this.increments = increments;
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
      int most = Integer.MAX_VALUE - Math.max(0, windowSize(stream));
      super.incrementWindowSize(
          stream, increments == Increments.CAPPED ? Math.min(delta, most) : delta);
    }
  }
}
