package io.securestreams.reactor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Ports behind which nobody is. */
public final class DeadEnds {

  private static final int PROBE_MS = 200;
  private static final int MOST = 64;

  /** Bound, and not listening: a port that was given back could be anybody's. */
  private static final Queue<Socket> HELD = new ConcurrentLinkedQueue<>();

  private DeadEnds() {}

  /** A port that refuses connections; nobody else gets it while the tests run. */
  public static int refusing() {
    try {
      Socket bound = new Socket();
      HELD.add(bound);
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return bound.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that refuses connections until somebody listens there, as the test will. */
  public static int free() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that does not even refuse: its backlog is full and nobody accepts. */
  public static BlackHole blackHole() {
    try {
      return new BlackHole();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Swallows attempts to connect. */
  public static final class BlackHole implements AutoCloseable {

    private final ServerSocket listening;
    private final List<Socket> fillers = new ArrayList<>();

    private BlackHole() throws IOException {
      listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      while (fillers.size() < MOST) {
        Socket filler = new Socket();
        fillers.add(filler);
        try {
          filler.connect(
              new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort()),
              PROBE_MS);
        } catch (SocketTimeoutException full) {
          return;
        }
      }
      close();
      throw new IOException("the backlog of a listener does not fill up");
    }

    /** Its port. */
    public int port() {
      return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket filler : fillers) {
        filler.close();
      }
      listening.close();
    }
  }
}
