package io.securestreams.reactor.testing;

import io.securestreams.reactor.testing.RawPeer.Conversation;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** The server's end of a WebSocket, frame by frame, mistakes included. Source: RFC 6455. */
public final class WsWire {

  /** Opcode of a continuation. */
  public static final int CONTINUATION = 0;

  /** Opcode of text. */
  public static final int TEXT = 1;

  /** Opcode of bytes. */
  public static final int BINARY = 2;

  /** Opcode of a close. */
  public static final int CLOSE = 8;

  /** Opcode of a ping. */
  public static final int PING = 9;

  /** Opcode of a pong. */
  public static final int PONG = 10;

  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Conversation conversation;

  private WsWire(Conversation conversation) {
    this.conversation = conversation;
  }

  /**
   * A frame.
   *
   * @param opcode its opcode
   * @param fin true if it ends a message
   * @param masked true if a client sent it as it must
   * @param payload its bytes, unmasked
   */
  public record Frame(int opcode, boolean fin, boolean masked, byte[] payload) {

    /** The payload as text. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close. */
    public int closeCode() {
      return ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  /** Reads an upgrade request and accepts it. */
  public static WsWire accepted(Conversation conversation) throws IOException {
    return accepted(conversation, conversation.head());
  }

  /** Accepts an upgrade request. */
  public static WsWire accepted(Conversation conversation, String head) throws IOException {
    conversation.write(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            + "sec-websocket-accept: "
            + accept(header(head, "sec-websocket-key").orElseThrow())
            + "\r\n\r\n");
    return new WsWire(conversation);
  }

  /** A header of a head. */
  public static Optional<String> header(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).trim())
        .findFirst();
  }

  /** The answer to a key. */
  public static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a whole text message. */
  public void text(String text) throws IOException {
    frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a close. */
  public void close(int code) throws IOException {
    frame(CLOSE, true, ByteBuffer.allocate(2).putShort((short) code).array());
  }

  /** Sends a frame. */
  public void frame(int opcode, boolean fin, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    head(frame, opcode, fin, payload.length);
    frame.writeBytes(payload);
    conversation.write(frame.toByteArray());
  }

  /** Sends the beginning of a frame that announces so many bytes. */
  public void announce(int opcode, long length) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    head(frame, opcode, true, length);
    conversation.write(frame.toByteArray());
  }

  private static void head(ByteArrayOutputStream frame, int opcode, boolean fin, long length) {
    frame.write((fin ? 0x80 : 0) | opcode);
    if (length < 126) {
      frame.write((int) length);
    } else if (length < 65536) {
      frame.write(126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      frame.write(127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
  }

  /** Reads the next frame. */
  public Frame read() throws IOException {
    int first = byteOf();
    int second = byteOf();
    long length = second & 0x7f;
    if (length == 126) {
      length = ByteBuffer.wrap(bytes(2)).getShort() & 0xffff;
    } else if (length == 127) {
      length = ByteBuffer.wrap(bytes(8)).getLong();
    }
    boolean masked = (second & 0x80) != 0;
    byte[] mask = masked ? bytes(4) : new byte[4];
    byte[] payload = bytes((int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new Frame(first & 0x0f, (first & 0x80) != 0, masked, payload);
  }

  /** Reads until the next data frame or close, answering pings. */
  public Frame message() throws IOException {
    Frame frame = read();
    while (frame.opcode() == PING || frame.opcode() == PONG) {
      if (frame.opcode() == PING) {
        frame(PONG, true, frame.payload());
      }
      frame = read();
    }
    return frame;
  }

  private int byteOf() throws IOException {
    int next = conversation.read();
    if (next < 0) {
      throw new EOFException("the connection ended");
    }
    return next;
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = conversation.read(count);
    if (bytes.length < count) {
      throw new EOFException("the connection ended inside a frame");
    }
    return bytes;
  }
}
