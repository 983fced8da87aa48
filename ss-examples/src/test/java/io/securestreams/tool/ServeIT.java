package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sstream serve} asked by clients that are not ours. */
class ServeIT {

  private static final String POLICY =
      """
      {
        "s": [{ "site": { "server": true, "endpoint": "127.0.0.1", "port": @PORT@,
                          "protocol": "h1", "ws_subprotocol": "chat",
                          "metadata": [{ "mime": "content-type:", "method": "", "path": "",
                                         "auth": "", "q": "" }] } }]
      }
      """;

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private String policy = "";

  @BeforeEach
  void writePolicy() throws IOException {
    policy = write(0);
  }

  @Test
  void echoAnswersWithTheRequestBodyAndPrintsTheRequest() throws Exception {
    try (Launcher.Serving server = Launcher.serve("serve", policy, "site", "--echo", "--json")) {
      HttpResponse<String> response =
          client.send(
              request(server, "/a/b?q=1")
                  .header("Authorization", "Bearer very-secret")
                  .POST(BodyPublishers.ofString("hello"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("hello");
      assertThat(client.send(request(server, "/").build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);

      Launcher.Result result = server.interrupt();
      assertThat(result.exit()).isEqualTo(143);
      assertThat(result.out())
          .contains("\"stream\":0,\"event\":\"state\",\"state\":\"CREATING\"")
          .contains("\"stream\":1,\"event\":\"metadata\",\"name\":\"method\",\"value\":\"POST\"")
          .contains("\"stream\":1,\"event\":\"metadata\",\"name\":\"path\",\"value\":\"/a/b\"")
          .contains("\"stream\":1,\"event\":\"metadata\",\"name\":\"q\",\"value\":\"1\"")
          .contains("\"stream\":1,\"event\":\"state\",\"state\":\"SERVER_TXN\"")
          .contains("\"stream\":1,\"event\":\"rx\",\"len\":5,")
          .contains("\"stream\":1,\"event\":\"tx\",\"ordinal\":0,\"len\":5")
          .doesNotContain("very-secret");
      assertThat(result.out().lines().toList())
          .as("ends in order")
          .anyMatch(line -> line.contains("\"stream\":0") && line.contains("DESTROYING"));
    }
  }

  @Test
  void aReplyHasItsContentType() throws Exception {
    try (Launcher.Serving server =
        Launcher.serve("serve", policy, "site", "--reply", "{}", "--mime", "application/json")) {
      HttpResponse<String> response =
          client.send(request(server, "/").build(), BodyHandlers.ofString());

      assertThat(response.body()).isEqualTo("{}");
      assertThat(response.headers().firstValue("content-type")).contains("application/json");
    }
  }

  @Test
  void aFileIsAReplyToo() throws Exception {
    Path file = Files.writeString(folder.resolve("reply.txt"), "from a file");
    try (Launcher.Serving server =
        Launcher.serve("serve", policy, "site", "--reply-file", file.toString(), "--quiet")) {
      HttpResponse<String> response =
          client.send(
              request(server, "/").POST(BodyPublishers.ofString("a body")).build(),
              BodyHandlers.ofString());

      assertThat(response.body()).isEqualTo("from a file");
      assertThat(server.interrupt().out()).isEqualTo("a body");
    }
  }

  @Test
  void nackRefuses() throws Exception {
    try (Launcher.Serving server = Launcher.serve("serve", policy, "site", "--nack")) {
      HttpResponse<String> response =
          client.send(request(server, "/").build(), BodyHandlers.ofString());

      assertThat(response.statusCode()).isBetween(400, 599);
    }
  }

  @Test
  void aWebSocketIsEchoedOnTheSameListener() throws Exception {
    try (Launcher.Serving server = Launcher.serve("serve", policy, "site", "--echo", "--json")) {
      CompletableFuture<String> reply = new CompletableFuture<>();
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .subprotocols("chat")
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + server.port() + "/chat"), new FirstText(reply))
              .join();
      socket.sendText("good day", true).join();

      assertThat(reply.get(10, TimeUnit.SECONDS)).isEqualTo("good day");
      assertThat(server.interrupt().out())
          .contains("\"stream\":1,\"event\":\"state\",\"state\":\"SERVER_UPGRADE\"")
          .contains("\"stream\":1,\"event\":\"state\",\"state\":\"DISCONNECTED\"");
    }
  }

  @Test
  void anAskedForTimeIsAGoodEnd() {
    assertThat(Launcher.run("serve", policy, "site", "--for", "300ms").exit()).isZero();
  }

  @Test
  void aPortInUseIsAMistakeInOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Launcher.Result result = Launcher.run("serve", write(taken.getLocalPort()), "site");

      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.startsWith("sstream: "));
      assertThat(result.err()).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  private HttpRequest.Builder request(Launcher.Serving server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private String write(int port) throws IOException {
    return Files.writeString(
            folder.resolve("policy-" + port + ".json"),
            POLICY.replace("@PORT@", Integer.toString(port)))
        .toString();
  }

  private record FirstText(CompletableFuture<String> reply) implements WebSocket.Listener {

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      reply.complete(data.toString());
      return reply;
    }
  }
}
