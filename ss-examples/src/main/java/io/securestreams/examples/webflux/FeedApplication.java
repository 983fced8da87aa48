package io.securestreams.examples.webflux;

import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.securestreams.core.event.Payload;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Passes the messages of a secure stream on to browsers, as server-sent events. */
@SpringBootApplication(proxyBeanMethods = false)
public class FeedApplication {

  /**
   * Runs the application until it is interrupted; then ask {@code /feed} with curl.
   *
   * @param args Spring's
   */
  public static void main(String[] args) {
    SpringApplication.run(FeedApplication.class, args);
  }

  @Bean
  SecureStreams secureStreams() {
    String policy = LocalPolicy.load(FeedApplication.class, "policy.json").json();
    return SecureStreams.builder().policy(policy).build();
  }

  @Bean
  Ticker ticker(SecureStreams streams) {
    return new Ticker(streams);
  }

  // region webflux
  @Bean
  DisposableBean orderlyShutdown(SecureStreams streams) {
    return () -> streams.closeGracefully(Duration.ofSeconds(10)).toFuture().join();
  }

  @Bean
  RouterFunction<ServerResponse> feed(SecureStreams streams) {
    return route(
        GET("/feed"),
        request ->
            ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(streams.receive("feed").map(Payload::utf8), String.class));
  }
  // endregion
}
