package io.securestreams.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.SecureStreams;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class FeedApplicationIT {

  @Test
  @Timeout(60)
  void passesTheStreamOnAndEndsInOrder() throws Exception {
    SecureStreams streams;
    try (ConfigurableApplicationContext context =
        SpringApplication.run(
            FeedApplication.class, "--server.port=0", "--spring.main.banner-mode=off")) {
      streams = context.getBean(SecureStreams.class);
      String port = context.getEnvironment().getProperty("local.server.port");
      URI uri = URI.create("http://127.0.0.1:" + port + "/feed");

      HttpResponse<Stream<String>> response =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines());

      try (Stream<String> lines = response.body()) {
        assertThat(lines.filter(line -> !line.isEmpty()).limit(3).toList())
            .containsExactly("data:tick 0", "data:tick 1", "data:tick 2");
      }
    }
    assertThat(streams.isDisposed()).isTrue();
    assertThat(streams.openStreams()).isZero();
  }
}
