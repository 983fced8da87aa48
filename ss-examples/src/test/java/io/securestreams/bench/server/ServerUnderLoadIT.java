package io.securestreams.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are to be compared do the same work. */
class ServerUnderLoadIT {

  @ParameterizedTest(name = "{0}")
  @ValueSource(classes = {SecureStreamServer.class, NettyServer.class})
  void servesWhatIsMeasured(Class<?> main) throws IOException, InterruptedException {
    try (ServerUnderLoad server = ServerUnderLoad.start(main);
        IdleConnections kept = new IdleConnections();
        EchoLoad echo = new EchoLoad(server.ports().ws());
        BroadcastLoad broadcast = new BroadcastLoad(server.ports().feed())) {
      for (int port : new int[] {server.ports().h1(), server.ports().h2()}) {
        HttpResponse<byte[]> answer =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                    BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(SecureStreamServer.BODY_BYTES);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain");
      }
      kept.open(3, server.ports().h1());
      assertThat(echo.round()).isPositive();
      assertThat(broadcast.round()).isPositive();
      assertThat(server.heap()).isPositive();
      assertThat(server.cpu()).isPositive();
    }
  }
}
