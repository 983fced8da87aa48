package io.securestreams.examples.dashboard;

import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * A page with live prices: from a client stream of the policy to browsers, and to whoever asks the
 * listener that the same policy opens beside the application's own port.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class DashboardApplication {

  private static final Resource PAGE =
      new ClassPathResource("index.html", DashboardApplication.class);

  /**
   * Runs the application until it is interrupted; then open its port in a browser.
   *
   * @param args Spring's
   */
  public static void main(String[] args) {
    SpringApplication.run(DashboardApplication.class, args);
  }

  @Bean
  SecureStreams secureStreams() {
    String policy = LocalPolicy.load(DashboardApplication.class, "policy.json").json();
    return SecureStreams.builder().policy(policy).build();
  }

  @Bean
  DisposableBean orderlyShutdown(SecureStreams streams) {
    return () -> streams.closeGracefully(Duration.ofSeconds(10)).toFuture().join();
  }

  @Bean
  Exchange exchange(SecureStreams streams) {
    return new Exchange(streams);
  }

  @Bean
  Prices prices(SecureStreams streams) {
    return new Prices(streams);
  }

  @Bean
  LatestPrice latestPrice(SecureStreams streams, Prices prices) {
    return new LatestPrice(streams, prices);
  }

  @Bean
  RouterFunction<ServerResponse> pages(Prices prices) {
    return route(
            GET("/"),
            request -> ServerResponse.ok().contentType(MediaType.TEXT_HTML).bodyValue(PAGE))
        .andRoute(
            GET("/prices"),
            request ->
                ServerResponse.ok()
                    .contentType(MediaType.TEXT_EVENT_STREAM)
                    .body(
                        prices.events(),
                        new ParameterizedTypeReference<ServerSentEvent<String>>() {}));
  }
}
