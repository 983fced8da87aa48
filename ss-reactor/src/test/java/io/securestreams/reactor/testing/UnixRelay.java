package io.securestreams.reactor.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens on a Unix domain socket, with the JDK alone, in front of a peer that listens on TCP. */
public final class UnixRelay implements AutoCloseable {

  private static final int BUFFER = 8192;

  private final ServerSocketChannel listening;
  private final Path path;
  private final int port;
  private final List<Closeable> open = new CopyOnWriteArrayList<>();

  /**
   * Starts to listen.
   *
   * @param path of the socket, which must not exist
   * @param port of this machine that everything goes to
   */
  public UnixRelay(Path path, int port) {
    this.path = path;
    this.port = port;
    try {
      listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listening.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private void accept() throws IOException {
    while (true) {
      SocketChannel client = listening.accept();
      SocketChannel peer =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      open.add(client);
      open.add(peer);
      start(() -> copy(client, peer));
      start(() -> copy(peer, client));
    }
  }

  /** With channels, because the streams of one channel wait for each other. */
  private static void copy(SocketChannel from, SocketChannel to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    try (from;
        to) {
      while (from.read(bytes) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        bytes.clear();
      }
    }
  }

  /** Ends with its connection. */
  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException closed) {
                // One of the two has left; the other is told.
              }
            },
            "unix-relay");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  public String name() {
    return path.toString();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Closeable connection : open) {
      connection.close();
    }
  }
}
