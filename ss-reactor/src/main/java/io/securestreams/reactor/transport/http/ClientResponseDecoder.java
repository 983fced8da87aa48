package io.securestreams.reactor.transport.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Netty's decoder of responses, told what the request was. */
final class ClientResponseDecoder extends HttpResponseDecoder {

  private static final int MAX_PIECE = 64 * 1024;

  private static final String VERSION = "HTTP/1.";
  private static final int STATUS_DIGITS = 3;

  private boolean bodiless;
  private boolean touched;

  ClientResponseDecoder(int headerBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(headerBytes)
            .setMaxHeaderSize(headerBytes)
            .setMaxChunkSize(MAX_PIECE));
  }

  /**
   * A request is about to be sent.
   *
   * @param head its response has no body whatever its headers say
   */
  void expect(boolean head) {
    bodiless = head;
    touched = false;
  }

  /** True if any byte came since {@link #expect}. */
  boolean touched() {
    return touched;
  }

  /** True if there are bytes behind the response. */
  boolean leftover() {
    return actualReadableBytes() > 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    touched = true;
    super.channelRead(ctx, msg);
  }

  /** Netty takes any version and any number. */
  @Override
  protected HttpMessage createMessage(String[] statusLine) {
    if (!statusLine[0].startsWith(VERSION) || statusLine[1].length() != STATUS_DIGITS) {
      throw new IllegalArgumentException(
          "\"" + statusLine[0] + " " + statusLine[1] + "\" begins no response of HTTP/1");
    }
    return super.createMessage(statusLine);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return bodiless || super.isContentAlwaysEmpty(message);
  }
}
