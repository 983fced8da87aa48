package io.securestreams.reactor.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A client that says exactly what a test wants said, mistakes included. */
public final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** Connects on the loopback. */
  public static RawClient to(int port) {
    try {
      return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The socket itself. */
  public Socket socket() {
    return socket;
  }

  /** Sends characters as bytes. */
  public RawClient send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes. */
  public RawClient send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends every character in a packet of its own. */
  public RawClient drip(String text) {
    for (int i = 0; i < text.length(); i++) {
      send(text.substring(i, i + 1));
    }
    return this;
  }

  /** Reads up to and with an empty line. */
  public String head() {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = read();
      if (next < 0) {
        throw new AssertionError("the connection ended after: " + head.toString(ISO_8859_1));
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  /** Reads so many bytes. */
  public String body(int bytes) {
    try {
      return new String(in.readNBytes(bytes), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one byte; -1 at the end, be it orderly or a reset. */
  public int read() {
    try {
      return in.read();
    } catch (SocketException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all that comes until the orderly end. */
  public String rest() {
    try {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all that comes until the end, be it orderly or a reset. */
  public String heard() {
    StringBuilder heard = new StringBuilder();
    for (int octet = read(); octet >= 0; octet = read()) {
      heard.append((char) octet);
    }
    return heard.toString();
  }

  /** Ends the connection with a reset. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
