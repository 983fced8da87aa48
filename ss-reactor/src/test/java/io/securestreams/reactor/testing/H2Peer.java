package io.securestreams.reactor.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One connection of a {@link RawPeer} that speaks HTTP/2 without TLS, frame by frame. */
public final class H2Peer {

  /** Frame types of RFC 9113. */
  public static final int DATA = 0;

  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /** Flags of RFC 9113: an ACK is the same bit as the end of a stream. */
  public static final int END_STREAM = 1;

  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int PREFACE_BYTES = 24;

  private final RawPeer.Conversation connection;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /**
   * A frame.
   *
   * @param type its type
   * @param flags its flags
   * @param stream its stream, 0 for the connection
   * @param payload what is in it
   */
  public record Frame(int type, int flags, int stream, byte[] payload) {

    /** True if the stream ends with it. */
    public boolean ends() {
      return (flags & END_STREAM) != 0;
    }

    /** The payload's first four bytes as a number. */
    public int number() {
      return ByteBuffer.wrap(payload).getInt();
    }
  }

  /** A script. */
  @FunctionalInterface
  public interface Script {
    /** Runs once preface and settings are exchanged. */
    void run(H2Peer peer) throws IOException;
  }

  private H2Peer(RawPeer.Conversation connection) {
    this.connection = connection;
  }

  /** A server that begins with empty settings. */
  public static RawPeer serving(Script script) {
    return serving(new Http2Settings(), script);
  }

  /** A server that begins with these settings. */
  public static RawPeer serving(Http2Settings settings, Script script) {
    return new RawPeer(
        c -> {
          H2Peer peer = new H2Peer(c);
          c.read(PREFACE_BYTES);
          peer.settings(settings);
          script.run(peer);
        });
  }

  /** 1 for the first connection of the server. */
  public int number() {
    return connection.number();
  }

  /** The connection itself. */
  public RawPeer.Conversation connection() {
    return connection;
  }

  /** Reads the next frame. */
  public Frame next() throws IOException {
    ByteBuffer head = ByteBuffer.wrap(exactly(9));
    int length = (head.get() & 0xff) << 16 | (head.getShort() & 0xffff);
    int type = head.get();
    int flags = head.get();
    int stream = head.getInt();
    return new Frame(type, flags, stream, exactly(length));
  }

  /** Reads up to the next frame of a type. */
  public Frame next(int type) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame.type() == type && (type != SETTINGS || (frame.flags() & ACK) == 0)) {
        return frame;
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = connection.read(length);
    if (bytes.length < length) {
      throw new EOFException("the client closed the connection");
    }
    return bytes;
  }

  /** Reads on until the client closes the connection. */
  public void drain() throws IOException {
    connection.drain();
  }

  /** The headers in a HEADERS frame. */
  public Http2Headers decoded(Frame frame) {
    ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
    try {
      return decoder.decodeHeaders(frame.stream(), block);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Writes any frame. */
  public void write(int type, int flags, int stream, byte... payload) throws IOException {
    connection.write(bytes(type, flags, stream, payload));
  }

  /** The bytes of any frame. */
  public static byte[] bytes(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Settings: how many streams, and how much of a body each. */
  public void settings(Http2Settings settings) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(12);
    if (settings.maxConcurrentStreams() != null) {
      payload.putShort((short) MAX_CONCURRENT_STREAMS);
      payload.putInt(settings.maxConcurrentStreams().intValue());
    }
    if (settings.initialWindowSize() != null) {
      payload.putShort((short) INITIAL_WINDOW_SIZE).putInt(settings.initialWindowSize());
    }
    byte[] written = new byte[payload.position()];
    payload.flip().get(written);
    write(SETTINGS, 0, 0, written);
  }

  /** A block of headers. */
  public byte[] block(String... namesAndValues) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(0, headers, out);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** The head of a response. */
  public void head(int stream, boolean end, int status, String... more) throws IOException {
    String[] all = new String[more.length + 2];
    all[0] = ":status";
    all[1] = Integer.toString(status);
    System.arraycopy(more, 0, all, 2, more.length);
    write(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(all));
  }

  /** A piece of a body. */
  public void data(int stream, boolean end, String text) throws IOException {
    write(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Gives a stream up. */
  public void reset(int stream, int code) throws IOException {
    write(RST_STREAM, 0, stream, number(code));
  }

  /** Takes no more streams. */
  public void goAway(int lastStream, int code) throws IOException {
    write(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(code).array());
  }

  /** Lets the client send more. */
  public void windowUpdate(int stream, int bytes) throws IOException {
    write(WINDOW_UPDATE, 0, stream, number(bytes));
  }

  /** Four bytes. */
  public static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
