package io.securestreams.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/**
 * A policy for a server and its clients in one process, on a free port of the loopback interface.
 *
 * <p>The text is a resource beside a class, with {@code @PORT@}, {@code @CA@}, {@code @CERT@} and
 * {@code @KEY@} where the values go: an example must not bring a private key along.
 *
 * @param port the port that server and clients share
 * @param json the whole policy
 */
public record LocalPolicy(int port, String json) {

  /**
   * Reads a policy, takes a free port and makes fresh certificates for 127.0.0.1 and localhost.
   *
   * @param beside the class that the resource lies beside
   * @param resource its file name
   */
  public static LocalPolicy load(Class<?> beside, String resource) {
    LocalAuthority authority = LocalAuthority.create();
    int port = freePort();
    String json =
        read(beside, resource)
            .replace("@PORT@", Integer.toString(port))
            .replace("@CA@", authority.authority())
            .replace("@CERT@", authority.certificate())
            .replace("@KEY@", authority.key());
    return new LocalPolicy(port, json);
  }

  private static String read(Class<?> beside, String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource + " beside " + beside);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
