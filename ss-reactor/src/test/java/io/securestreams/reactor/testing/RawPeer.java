package io.securestreams.reactor.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server that does with each connection exactly what a test says, mistakes included. */
public final class RawPeer implements AutoCloseable {

  private final ServerSocket listening;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  /** What happens on one connection; it is closed at the end of the script. */
  @FunctionalInterface
  public interface Script {
    /** Runs on a thread of its own. */
    void run(Conversation conversation) throws IOException;
  }

  /** Starts a server on a free port of the loopback interface. */
  public RawPeer(Script script) {
    this(ServerSocketFactory.getDefault(), script);
  }

  /** Starts a server with sockets of some kind. */
  public RawPeer(ServerSocketFactory factory, Script script) {
    this(factory, 0, script);
  }

  /** Starts a server on a port that was free a moment ago. */
  public static RawPeer on(int port, Script script) {
    return new RawPeer(ServerSocketFactory.getDefault(), port, script);
  }

  /**
   * Starts a server at an address of this machine.
   *
   * @param address a literal
   * @param port 0 for a free one
   */
  public static RawPeer at(String address, int port, ServerSocketFactory factory, Script script) {
    try {
      return new RawPeer(factory, InetAddress.getByName(address), port, script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RawPeer(ServerSocketFactory factory, int port, Script script) {
    this(factory, InetAddress.getLoopbackAddress(), port, script);
  }

  private RawPeer(ServerSocketFactory factory, InetAddress address, int port, Script script) {
    this.script = script;
    try {
      listening = factory.createServerSocket(port, 50, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("raw-peer", this::accept);
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listening.accept();
        sockets.add(socket);
        open.incrementAndGet();
        int number = connections.incrementAndGet();
        start("raw-peer-" + number, () -> converse(socket, number));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void converse(Socket socket, int number) {
    try (socket) {
      script.run(new Conversation(socket, number));
    } catch (IOException e) {
      failures.add(e);
    } finally {
      open.decrementAndGet();
    }
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** The port. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Connections so far. */
  public int connections() {
    return connections.get();
  }

  /** Connections whose script still runs. */
  public int open() {
    return open.get();
  }

  /** What scripts failed with. */
  public List<Throwable> failures() {
    return failures;
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection. */
  public static final class Conversation {

    private final Socket socket;
    private final int number;
    private final InputStream in;
    private final OutputStream out;

    Conversation(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.number = number;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }

    /** 1 for the first connection of the server. */
    public int number() {
      return number;
    }

    /** The socket itself. */
    public Socket socket() {
      return socket;
    }

    /** Reads up to the empty line; "" at the end of the connection. */
    public String head() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return "";
        }
        head.write(next);
      }
      return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads so many bytes. */
    public byte[] read(int bytes) throws IOException {
      return in.readNBytes(bytes);
    }

    /** Reads one byte, -1 at the end. */
    public int read() throws IOException {
      return in.read();
    }

    /** Reads until the peer closes, and throws it away. */
    public long drain() throws IOException {
      byte[] buffer = new byte[8192];
      long total = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
      }
      return total;
    }

    /** Writes text. */
    public void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes bytes. */
    public void write(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
