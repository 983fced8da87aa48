package io.securestreams.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.StreamServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

/** The file server asked byte by byte, as no well-behaved client asks. */
@Timeout(60)
class FileServerIT {

  /** More than all socket buffers between a server and its client hold. */
  private static final int LARGE = 64 * 1024 * 1024;

  @TempDir private Path parent;

  private Path root;
  private SecureStreams streams;
  private Disposable serving;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    root = Files.createDirectory(parent.resolve("site"));
    Files.writeString(parent.resolve("secret.txt"), "not for you");
    Files.writeString(root.resolve("index.html"), "the page");
    Files.createFile(root.resolve("empty.txt"));
    streams =
        SecureStreams.builder()
            .policy(LocalPolicy.load(FilesExample.class, "policy.json").json())
            .build();
    StreamServer server = streams.serve("site");
    serving =
        new FileServer(new Folder(root))
            .serve(server)
            .subscribe(end -> {}, Throwable::printStackTrace);
    port = ((InetSocketAddress) server.address().toFuture().join()).getPort();
  }

  @AfterEach
  void stop() {
    serving.dispose();
    streams.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "http://127.0.0.1/../secret.txt",
        "/index.html%00.png",
        "/%zz",
      })
  void aPathThatLeadsOutIsNotFound(String path) throws IOException {
    try (Client client = new Client()) {
      client.ask("GET " + path);

      assertThat(client.head()).startsWith("HTTP/1.1 404 ");
      assertThat(client.body()).isEqualTo("no such file\n");
    }
  }

  @Test
  void oneConnectionGetsOneAnswerAfterTheOther() throws IOException {
    try (Client client = new Client()) {
      client.ask("HEAD /");
      client.ask("GET /empty.txt");
      client.ask("GET /missing");
      client.ask("GET /?query=ignored");

      assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("content-length: 8");
      assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("content-length: 0");
      assertThat(client.head()).startsWith("HTTP/1.1 404 ");
      assertThat(client.body()).isEqualTo("no such file\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      assertThat(client.body()).isEqualTo("the page");
    }
  }

  @Test
  void otherMethodsAreToldWhichOnesThereAre() throws IOException {
    try (Client client = new Client()) {
      client.ask("DELETE /index.html");

      assertThat(client.head()).startsWith("HTTP/1.1 405 ").contains("allow: GET, HEAD");
    }
    assertThat(root.resolve("index.html")).exists();
  }

  /** What is changed at the end of a file before its reader comes there has not been read ahead. */
  @Test
  void aLargeFileIsReadAsItsClientReads() throws IOException {
    Path large = root.resolve("large.bin");
    try (FileChannel file =
            FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Client client = new Client()) {
      file.write(ByteBuffer.wrap(new byte[1]), LARGE - 1L);
      client.ask("GET /large.bin");
      assertThat(client.head()).contains("content-length: " + LARGE);
      client.skip(LARGE / 8);

      file.write(ByteBuffer.wrap(new byte[] {42}), LARGE - 1L);
      client.skip(LARGE - LARGE / 8 - 1);

      assertThat(client.read()).isEqualTo(42);
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleHarmsNobody() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            root.resolve("large.bin"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), LARGE - 1L);
    }
    for (int i = 0; i < 20; i++) {
      try (Client client = new Client()) {
        client.ask("GET /large.bin");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      }
    }
    try (Client client = new Client()) {
      client.ask("GET /");

      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      assertThat(client.body()).isEqualTo("the page");
    }
  }

  /** A client that sends what it is told. */
  private final class Client implements AutoCloseable {

    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final InputStream in = socket.getInputStream();
    private int length;

    Client() throws IOException {
      socket.setSoTimeout(20_000);
    }

    void ask(String methodAndPath) throws IOException {
      String request = methodAndPath + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Status line and headers of the next answer. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) read());
      }
      String text = head.toString();
      length = Integer.parseInt(text.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
      return text;
    }

    String body() throws IOException {
      return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    void skip(int bytes) throws IOException {
      in.skipNBytes(bytes);
    }

    int read() throws IOException {
      int next = in.read();
      assertThat(next).as("a byte, not the end").isNotNegative();
      return next;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
