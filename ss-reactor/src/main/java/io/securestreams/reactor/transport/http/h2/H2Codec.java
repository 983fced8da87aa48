package io.securestreams.reactor.transport.http.h2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.securestreams.reactor.transport.http.ConnectionKey;
import io.securestreams.reactor.transport.http.ConnectionKey.Increments;

/**
 * Netty's h2 codec for one connection, as a client wants it.
 *
 * @param connection its streams
 * @param encoder writes frames
 * @param decoder reads frames
 * @param settings what the peer is told first
 * @param credit how much the peer may send
 * @param guard how much idle talk it may send
 * @param exchanges under which a stream keeps its {@link H2Exchange}
 */
record H2Codec(
    Http2Connection connection,
    Http2ConnectionEncoder encoder,
    Http2ConnectionDecoder decoder,
    Http2Settings settings,
    H2Credit credit,
    H2Guard guard,
    Http2Connection.PropertyKey exchanges) {

  /** CONTINUATION frames of next to nothing, in one block of headers. */
  private static final int MAX_SMALL_CONTINUATIONS = 16;

  /**
   * Makes a codec.
   *
   * @param key whose marks shape the windows
   * @param headerBytes most bytes of a header list
   */
  static H2Codec of(ConnectionKey key, int headerBytes) {
    Http2Connection connection = new DefaultHttp2Connection(false);
    Http2Connection.PropertyKey exchanges = connection.newKey();
    H2Credit credit = new H2Credit(exchanges, key.credit());
    connection.local().flowController(credit);
    connection.remote().flowController(new PeersCredit(connection, key.increments()));
    H2Guard guard =
        new H2Guard(
            new DefaultHttp2FrameReader(
                new DefaultHttp2HeadersDecoder(true, headerBytes), MAX_SMALL_CONTINUATIONS));
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter());
    Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(connection, encoder, guard);
    Http2Settings settings =
        new Http2Settings()
            .pushEnabled(false)
            .initialWindowSize(credit.initialWindowSize())
            .maxHeaderListSize(headerBytes);
    return new H2Codec(connection, encoder, decoder, settings, credit, guard, exchanges);
  }

  void listener(H2Frames frames) {
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
