package io.securestreams.bench.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that asked once and are kept. */
final class IdleConnections implements AutoCloseable {

  static final int COUNT = 10_000;

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<SocketChannel> open = new ArrayList<>();

  /** Opens more of them, one after the other. */
  void open(int count, int port) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(4 * 1024);
    for (int i = 0; i < count; i++) {
      SocketChannel socket = SocketChannel.open(new InetSocketAddress(Ports.HOST, port));
      open.add(socket);
      socket.write(ByteBuffer.wrap(REQUEST));
      answer.clear();
      while (answer.position() < SecureStreamServer.BODY_BYTES) {
        if (socket.read(answer) < 0) {
          throw new IOException("the server closed connection " + open.size());
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel socket : open) {
      socket.close();
    }
  }
}
