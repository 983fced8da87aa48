package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Decodes requests, and takes none for good whose end two readers could see in two places. */
final class ServerRequestDecoder extends HttpRequestDecoder {

  private static final int CHUNK_BYTES = 32 * 1024;

  /**
   * The decoder of a connection.
   *
   * @param headerBytes most bytes of a request line, and of a header block
   */
  ServerRequestDecoder(int headerBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(headerBytes)
            .setMaxHeaderSize(headerBytes)
            .setMaxChunkSize(CHUNK_BYTES));
  }

  /** The codec would drop the length. Source: RFC 9112 section 6.1. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both a length and a transfer coding");
  }
}
