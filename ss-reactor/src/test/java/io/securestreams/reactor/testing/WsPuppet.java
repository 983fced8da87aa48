package io.securestreams.reactor.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One end of a WebSocket that says exactly what it is told to, of either side: a client, which
 * masks, or a server. Used by one thread, which waits for what it reads. Source: RFC 6455.
 */
public final class WsPuppet implements AutoCloseable {

  /** Ends a message. */
  public static final int FIN = 0x80;

  /** The first reserved bit: the message is compressed. */
  public static final int RSV1 = 0x40;

  private static final int PATIENCE_MS = 20_000;
  private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};
  private static final int LARGEST_FRAME = 1 << 24;

  private final Socket socket;
  private final boolean masks;
  private final boolean chops;
  private final InputStream in;
  private final OutputStream out;
  private final Inflater inflater = new Inflater(true);
  private String head = "";

  private WsPuppet(Socket socket, boolean masks, boolean chops) throws IOException {
    this.socket = socket;
    this.masks = masks;
    this.chops = chops;
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * A frame that was heard.
   *
   * @param first its first byte: flags and opcode
   * @param payload its content, unmasked
   */
  public record Heard(int first, byte[] payload) {

    /** The frame's code, of a close. */
    public int code() {
      return payload.length < 2 ? -1 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    @Override
    public String toString() {
      String text = new String(payload, 0, Math.min(payload.length, 40), ISO_8859_1);
      return Integer.toHexString(first) + "[" + payload.length + "]" + text;
    }
  }

  /**
   * Connects to a server and opens a WebSocket.
   *
   * @param chops whether every byte goes in a packet of its own
   * @param headers more lines of the request, each with its end
   */
  public static WsPuppet client(int port, boolean chops, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    WsPuppet puppet = new WsPuppet(socket, true, chops);
    puppet.out.write(
        ("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + headers
                + "\r\n")
            .getBytes(ISO_8859_1));
    puppet.readHead();
    return puppet;
  }

  /**
   * Accepts the WebSocket that a client asks for.
   *
   * @param socket a new connection
   * @param headers more lines of the answer, each with its end
   */
  public static WsPuppet server(Socket socket, boolean chops, String headers) throws IOException {
    WsPuppet puppet = new WsPuppet(socket, false, chops);
    puppet.readHead();
    puppet.out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                + "sec-websocket-accept: "
                + WsWire.accept(WsWire.header(puppet.head, "sec-websocket-key").orElseThrow())
                + "\r\n"
                + headers
                + "\r\n")
            .getBytes(ISO_8859_1));
    return puppet;
  }

  private void readHead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      bytes.write(octet());
    }
    head = bytes.toString(ISO_8859_1);
  }

  /** The head of the peer's part of the handshake. */
  public String head() {
    return head;
  }

  /** True for a client. */
  public boolean masks() {
    return masks;
  }

  /** Says a frame as its side must. */
  public void say(int first, byte[] payload) throws IOException {
    say(first, payload, lengthBytes(payload.length), masks);
  }

  /**
   * Says a frame, maybe wrongly.
   *
   * @param lengthBytes of the extended length: 0, 2 or 8
   * @param masked whether it is masked
   */
  public void say(int first, byte[] payload, int lengthBytes, boolean masked) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    announce(frame, first, payload.length, lengthBytes, masked);
    byte[] content = payload.clone();
    for (int i = 0; masked && i < content.length; i++) {
      content[i] ^= MASK[i & 3];
    }
    frame.writeBytes(content);
    write(frame.toByteArray());
  }

  /** Says the beginning of a frame that never comes. */
  public void announce(int first, long length) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    announce(frame, first, length, lengthBytes(length), masks);
    write(frame.toByteArray());
  }

  private static void announce(
      ByteArrayOutputStream frame, int first, long length, int lengthBytes, boolean masked) {
    frame.write(first);
    int mask = masked ? 0x80 : 0;
    switch (lengthBytes) {
      case 0 -> frame.write(mask | (int) length);
      case 2 -> {
        frame.write(mask | 126);
        frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
      }
      default -> {
        frame.write(mask | 127);
        frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
      }
    }
    if (masked) {
      frame.writeBytes(MASK);
    }
  }

  private static int lengthBytes(long length) {
    if (length >= 0 && length < 126) {
      return 0;
    }
    return length >= 0 && length < 65536 ? 2 : 8;
  }

  private void write(byte[] bytes) throws IOException {
    try {
      for (int i = 0; chops && i < bytes.length; i++) {
        out.write(bytes[i]);
      }
      if (!chops) {
        out.write(bytes);
      }
    } catch (SocketException alreadyRefused) {
      // The peer need not read to the end what it refuses; what it said is read all the same.
    }
  }

  /** The next frame. */
  public Heard hear() throws IOException {
    int first = octet();
    int second = octet();
    long length = second & 0x7F;
    if (length == 126) {
      length = ByteBuffer.wrap(octets(2)).getShort() & 0xFFFF;
    } else if (length == 127) {
      length = ByteBuffer.wrap(octets(8)).getLong();
    }
    boolean masked = (second & 0x80) != 0;
    if (masked == masks || length > LARGEST_FRAME) {
      throw new IOException("a frame with second byte " + second + " and length " + length);
    }
    byte[] mask = masked ? octets(4) : new byte[0];
    byte[] payload = octets((int) length);
    for (int i = 0; masked && i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return new Heard(first, payload);
  }

  /** The next message of one frame, expanded; it must be compressed. */
  public byte[] hearCompressed() throws IOException {
    Heard heard = hear();
    if ((heard.first() & (FIN | RSV1)) != (FIN | RSV1)) {
      throw new IOException("not a compressed message: " + heard);
    }
    byte[] content = Arrays.copyOf(heard.payload(), heard.payload().length + 4);
    content[content.length - 1] = (byte) 0xFF;
    content[content.length - 2] = (byte) 0xFF;
    inflater.setInput(content);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    try {
      while (!inflater.needsInput()) {
        all.write(part, 0, inflater.inflate(part));
      }
    } catch (DataFormatException e) {
      throw new IOException(e);
    }
    return all.toByteArray();
  }

  /** True if the peer ends the connection, be it orderly or not. */
  public boolean hearsTheEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  private int octet() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the connection ended");
    }
    return next;
  }

  private byte[] octets(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection ended inside a frame");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    socket.close();
  }
}
