package io.securestreams.examples.files;

import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.StreamServer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;
import reactor.core.Disposable;

/** Serves a folder over http, and asks for its files with the client of the JDK. */
public final class FilesExample {

  private static final long LARGE = 64L * 1024 * 1024;

  private FilesExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(FilesExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      Path parent = Files.createTempDirectory("files-example");
      FileServer files = new FileServer(new Folder(fill(parent)));
      StreamServer server = streams.serve("site");
      Disposable serving = files.serve(server).subscribe(end -> {}, Throwable::printStackTrace);
      InetSocketAddress address = (InetSocketAddress) server.address().toFuture().join();
      String site = "http://127.0.0.1:" + address.getPort();
      for (String path : new String[] {"/", "/style.css", "/large.bin", "/%2e%2e/secret.txt"}) {
        out.println(ask("GET", site + path));
      }
      out.println(ask("HEAD", site + "/large.bin"));
      out.println(ask("DELETE", site + "/style.css"));
      serving.dispose();
      FileSystemUtils.deleteRecursively(parent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A site, and beside it what must not be seen. */
  private static Path fill(Path parent) throws IOException {
    Path root = Files.createDirectory(parent.resolve("site"));
    Files.writeString(parent.resolve("secret.txt"), "not for you");
    Files.writeString(root.resolve("index.html"), "<!doctype html><title>Hello</title>\n");
    Files.writeString(root.resolve("style.css"), "body { font-family: sans-serif }\n");
    try (RandomAccessFile large = new RandomAccessFile(root.resolve("large.bin").toFile(), "rw")) {
      large.setLength(LARGE);
    }
    return root;
  }

  private static String ask(String method, String url) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build();
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofByteArray()).join();
    String path = request.uri().getRawPath();
    String mime = response.headers().firstValue("content-type").orElse("no content type");
    String length = response.headers().firstValue("content-length").orElse("unknown");
    return "%s %s: %d, %s, length %s, %d bytes came"
        .formatted(method, path, response.statusCode(), mime, length, response.body().length);
  }
}
