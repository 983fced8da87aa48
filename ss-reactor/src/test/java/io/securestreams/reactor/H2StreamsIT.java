package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.testing.H2Server;
import io.securestreams.reactor.testing.LeakCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Streams of an h2 policy with Reactor Netty's server. */
@ExtendWith(LeakCheck.class)
class H2StreamsIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static String policy(H2Server server) {
    return """
        {"certs":[{"ca":"%s"}],
         "trust_stores":[{"name":"own","stack":["ca"]}],
         "s":[
          {"get":{"endpoint":"%s","port":%d,"protocol":"h2",%s,"http_method":"GET",
                  "http_url":"x","opportunistic":true}},
          {"post":{"endpoint":"%s","port":%d,"protocol":"h2",%s,"http_method":"POST",
                  "http_url":"x","opportunistic":true}}]}
        """
        .formatted(
            H2Server.authority().certificateText(),
            server.target().host(),
            server.target().port(),
            security(server),
            server.target().host(),
            server.target().port(),
            security(server));
  }

  private static String security(H2Server server) {
    return server.target().tls().isPresent()
        ? "\"tls\":true,\"tls_trust_store\":\"own\""
        : "\"h2_prior_knowledge\":true";
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(H2Server.Kind.class)
  void exchangesOnOneConnection(H2Server.Kind kind) {
    int streams = 50;
    try (H2Server server =
            kind.serving(
                (request, response) ->
                    response.sendString(
                        request
                            .receive()
                            .aggregate()
                            .asString()
                            .defaultIfEmpty("nothing")
                            .map(body -> request.version() + " " + body)));
        SecureStreams context = SecureStreams.builder().policy(policy(server)).build()) {
      assertThat(context.exchange("get").map(Payload::utf8).block(LIMIT))
          .isEqualTo("HTTP/2.0 nothing");
      List<String> answers =
          Flux.range(0, streams)
              .flatMap(
                  i -> context.exchange("post", Payload.utf8("number " + i)).map(Payload::utf8),
                  streams)
              .collectList()
              .block(LIMIT);
      assertThat(answers).hasSize(streams).allMatch(text -> text.startsWith("HTTP/2.0 number "));
      assertThat(server.connections()).isEqualTo(1);
    }
  }
}
