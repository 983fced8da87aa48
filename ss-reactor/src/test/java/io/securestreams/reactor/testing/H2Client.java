package io.securestreams.reactor.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A client that speaks HTTP/2 without TLS frame by frame, mistakes included. */
public final class H2Client implements AutoCloseable {

  /** What a client says first. */
  public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final RawClient raw;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  private H2Client(RawClient raw) {
    this.raw = raw;
  }

  /** Connects on the loopback and says nothing. */
  public static H2Client silent(int port) {
    return new H2Client(RawClient.to(port));
  }

  /** Connects on the loopback, with settings of pairs of identifier and value. */
  public static H2Client to(int port, int... settings) {
    H2Client client = silent(port);
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    client.raw.send(PREFACE);
    client.write(H2Peer.SETTINGS, 0, 0, payload.array());
    return client;
  }

  /** The connection itself. */
  public RawClient raw() {
    return raw;
  }

  /** Writes any frame. */
  public H2Client write(int type, int flags, int stream, byte... payload) {
    raw.send(H2Peer.bytes(type, flags, stream, payload));
    return this;
  }

  /** Writes a frame many times, until the server hangs up. */
  public void flood(byte[] frame, int times) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      all.writeBytes(frame);
    }
    raw.send(all.toByteArray());
  }

  /** Asks for a path, without a body. */
  public H2Client get(int stream, String path) {
    return head(stream, true, ":method", "GET", ":scheme", "http", ":path", path);
  }

  /** Asks for a path, with a body that follows. */
  public H2Client post(int stream, String path) {
    return head(stream, false, ":method", "POST", ":scheme", "http", ":path", path);
  }

  /** Writes a head. */
  public H2Client head(int stream, boolean end, String... namesAndValues) {
    int flags = H2Peer.END_HEADERS | (end ? H2Peer.END_STREAM : 0);
    return write(H2Peer.HEADERS, flags, stream, block(namesAndValues));
  }

  /** A block of headers, in their order, without a table. Source: RFC 7541 section 6.2.2. */
  public byte[] block(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i++) {
      if (i % 2 == 0) {
        block.write(0);
      }
      byte[] text = namesAndValues[i].getBytes(ISO_8859_1);
      int rest = text.length - 127;
      block.write(Math.min(127, text.length));
      if (rest >= 0) {
        for (; rest >= 128; rest /= 128) {
          block.write(128 | rest % 128);
        }
        block.write(rest);
      }
      block.writeBytes(text);
    }
    return block.toByteArray();
  }

  /** Writes a piece of a body. */
  public H2Client data(int stream, boolean end, String text) {
    return write(H2Peer.DATA, end ? H2Peer.END_STREAM : 0, stream, text.getBytes(UTF_8));
  }

  /** Reads the next frame; null at the end of the connection. */
  public H2Peer.Frame next() {
    String head = raw.body(9);
    if (head.length() < 9) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(ISO_8859_1));
    int length = (bytes.get() & 0xff) << 16 | (bytes.getShort() & 0xffff);
    int type = bytes.get();
    int flags = bytes.get();
    int stream = bytes.getInt();
    return new H2Peer.Frame(type, flags, stream, raw.body(length).getBytes(ISO_8859_1));
  }

  /** Reads up to the next frame of a type, acknowledgements excepted. */
  public H2Peer.Frame next(int type) {
    for (H2Peer.Frame frame = next(); frame != null; frame = next()) {
      boolean ack = type == H2Peer.SETTINGS && (frame.flags() & H2Peer.ACK) != 0;
      if (frame.type() == type && !ack) {
        return frame;
      }
    }
    throw new AssertionError("the connection ended before a frame of type " + type);
  }

  /** Reads a final head and gives its status. */
  public String status(int stream) {
    H2Peer.Frame frame = next(H2Peer.HEADERS);
    if (frame.stream() != stream) {
      throw new AssertionError("a head on stream " + frame.stream());
    }
    return decoded(frame).status().toString();
  }

  /** The headers in a HEADERS frame. */
  public Http2Headers decoded(H2Peer.Frame frame) {
    ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
    try {
      return decoder.decodeHeaders(frame.stream(), block);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Reads data up to the end of a stream. */
  public String body(int stream) {
    StringBuilder body = new StringBuilder();
    H2Peer.Frame frame;
    do {
      frame = next(H2Peer.DATA);
      if (frame.stream() == stream) {
        body.append(new String(frame.payload(), UTF_8));
      }
    } while (frame.stream() != stream || !frame.ends());
    return body.toString();
  }

  /** Reads up to the reset of a stream and gives its code. */
  public int reset(int stream) {
    H2Peer.Frame frame = next(H2Peer.RST_STREAM);
    if (frame.stream() != stream) {
      throw new AssertionError("a reset of stream " + frame.stream());
    }
    return frame.number();
  }

  /** Reads up to a GOAWAY and gives its code. */
  public int goneAway() {
    return ByteBuffer.wrap(next(H2Peer.GOAWAY).payload()).getInt(4);
  }

  @Override
  public void close() {
    raw.close();
  }
}
