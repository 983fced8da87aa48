package io.securestreams.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of uploads, credentials, cookies and redirects, against the server of the JDK. */
class ConnectUploadsIT {

  @TempDir private Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void twoMessagesAreOneUploadOfTwoParts() throws IOException {
    Path audio = Files.writeString(folder.resolve("a.wav"), "AUDIO");

    Launcher.Result result =
        Launcher.run(
            "connect",
            sample("uploads.json"),
            "upload",
            "--tx",
            "HELLO",
            "--tx-file",
            audio.toString());

    assertThat(result.exit()).isZero();
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0))
        .contains("content-length: 268")
        .contains("name=\"metadata\"")
        .contains("HELLO\r\n--")
        .contains("filename=\"a.wav\"")
        .contains("AUDIO\r\n--");
  }

  @Test
  void oneMessageTooFewIsAMistake() throws IOException {
    Launcher.Result result =
        Launcher.run("connect", sample("uploads.json"), "upload", "--tx", "HELLO");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("'upload' has 2 parts");
    assertThat(asked).isEmpty();
  }

  @Test
  void partsOfAnAnswerAreMessages() throws IOException {
    Launcher.Result result = Launcher.run("connect", sample("uploads.json"), "parts");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("[RELATED_START]")
        .contains("\"a: 1\\r\\n\\r\\none\"")
        .contains("RELATED_END");
  }

  @Test
  void blobsBecomeHeadersAndAreNotPrinted() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "sesame\n");

    Launcher.Result result =
        Launcher.run(
            "connect", sample("credentials.json"), "api", "--blob", "0=" + token, "--json");

    assertThat(result.exit()).isZero();
    assertThat(asked.get(0)).contains("authorization: Bearer sesame");
    assertThat(result.out() + result.err()).doesNotContain("sesame");
  }

  @Test
  void aRedirectIsFollowedWithTheCookieItSet() throws IOException {
    Launcher.Result result =
        Launcher.run("connect", sample("credentials.json"), "session", "-m", "page=login");

    assertThat(result.exit()).isZero();
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1)).startsWith("GET /home").contains("cookie: sid=1");
  }

  private String sample(String name) throws IOException {
    String text = Files.readString(Path.of("../policy-samples").resolve(name));
    String port = Integer.toString(server.getAddress().getPort());
    return Files.writeString(folder.resolve(name), text.replace("8080", port)).toString();
  }

  private void serve(HttpExchange exchange) throws IOException {
    StringBuilder request = new StringBuilder();
    request.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                request
                    .append('\n')
                    .append(name.toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(values.get(0)));
    request.append('\n').append(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    asked.add(request.toString());
    byte[] answer = "ok".getBytes(UTF_8);
    int status = 200;
    switch (exchange.getRequestURI().getPath()) {
      case "/login" -> {
        exchange.getResponseHeaders().set("Set-Cookie", "sid=1; Path=/");
        exchange.getResponseHeaders().set("Location", "/home");
        status = 302;
      }
      case "/parts" -> {
        exchange.getResponseHeaders().set("Content-Type", "multipart/mixed; boundary=BND");
        answer = "--BND\r\na: 1\r\n\r\none\r\n--BND\r\n\r\ntwo\r\n--BND--".getBytes(UTF_8);
      }
      default -> {
        // Answered as it is.
      }
    }
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }
}
