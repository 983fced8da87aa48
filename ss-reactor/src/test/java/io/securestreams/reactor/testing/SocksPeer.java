package io.securestreams.reactor.testing;

import io.securestreams.core.policy.SocksProxy;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS5 proxy written from RFC 1928 and RFC 1929, which brings everybody to this machine. */
public final class SocksPeer implements AutoCloseable {

  private static final int VERSION = 5;
  private static final int NO_AUTH = 0;
  private static final int PASSWORD = 2;
  private static final int NONE = 0xFF;

  private final RawPeer peer = new RawPeer(this::serve);
  private final Optional<SocksProxy.Credentials> known;
  private final int reply;
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private SocksPeer(Optional<SocksProxy.Credentials> known, int reply) {
    this.known = known;
    this.reply = reply;
  }

  /** A proxy that serves everybody. */
  public static SocksPeer open() {
    return new SocksPeer(Optional.empty(), 0);
  }

  /** A proxy that wants a user and a password. */
  public static SocksPeer of(String user, String password) {
    return new SocksPeer(Optional.of(new SocksProxy.Credentials(user, password)), 0);
  }

  /** A proxy that answers requests with this. */
  public static SocksPeer answering(int reply) {
    return new SocksPeer(Optional.empty(), reply);
  }

  private void serve(RawPeer.Conversation talk) throws IOException {
    DataInputStream in = new DataInputStream(talk.socket().getInputStream());
    OutputStream out = talk.socket().getOutputStream();
    int method = method(in);
    out.write(new byte[] {VERSION, (byte) method});
    if (method == NONE || (method == PASSWORD && !authenticated(in, out))) {
      talk.drain();
      return;
    }
    int port = request(in);
    out.write(new byte[] {VERSION, (byte) reply, 0, 1, 0, 0, 0, 0, 0, 0});
    if (reply != 0) {
      talk.drain();
      return;
    }
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread back = new Thread(() -> copy(target, out, talk.socket()), "socks-peer-back");
      back.setDaemon(true);
      back.start();
      in.transferTo(target.getOutputStream());
    }
  }

  private int method(DataInputStream in) throws IOException {
    byte[] offered = new byte[version(in, VERSION)];
    in.readFully(offered);
    StringBuilder list = new StringBuilder("methods");
    int wanted = known.isPresent() ? PASSWORD : NO_AUTH;
    int chosen = NONE;
    for (byte method : offered) {
      list.append(' ').append(method);
      chosen = method == wanted ? wanted : chosen;
    }
    seen.add(list.toString());
    return chosen;
  }

  /** Checks the first byte and gives the second. */
  private static int version(DataInputStream in, int expected) throws IOException {
    int version = in.readUnsignedByte();
    if (version != expected) {
      throw new IOException("version " + version);
    }
    return in.readUnsignedByte();
  }

  private boolean authenticated(DataInputStream in, OutputStream out) throws IOException {
    String user = text(in, version(in, 1));
    String password = text(in, in.readUnsignedByte());
    boolean right = known.equals(Optional.of(new SocksProxy.Credentials(user, password)));
    seen.add("user " + user);
    out.write(new byte[] {1, (byte) (right ? 0 : 1)});
    return right;
  }

  private int request(DataInputStream in) throws IOException {
    int command = version(in, VERSION);
    in.readUnsignedByte();
    int type = in.readUnsignedByte();
    String host =
        switch (type) {
          case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
          case 3 -> text(in, in.readUnsignedByte());
          case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
          default -> throw new IOException("address type " + type);
        };
    int port = in.readUnsignedShort();
    seen.add("command " + command + " type " + type + " host " + host);
    return port;
  }

  private static String text(DataInputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void copy(Socket from, OutputStream to, Socket end) {
    try (InputStream in = from.getInputStream();
        end) {
      in.transferTo(to);
    } catch (IOException closed) {
      // One of the two has left; the other is told.
    }
  }

  /** How to reach it. */
  public SocksProxy proxy() {
    return new SocksProxy(known, "localhost", peer.port());
  }

  /** The port. */
  public int port() {
    return peer.port();
  }

  /** What clients said, passwords excepted. */
  public List<String> seen() {
    return seen;
  }

  @Override
  public void close() {
    peer.close();
  }
}
