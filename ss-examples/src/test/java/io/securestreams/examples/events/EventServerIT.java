package io.securestreams.examples.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/** The events as a client that is not ours gets them. */
@Timeout(60)
class EventServerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final LocalPolicy policy = LocalPolicy.load(EventsExample.class, "policy.json");
  private final SecureStreams streams = SecureStreams.builder().policy(policy.json()).build();
  private final Sinks.Many<String> news = Sinks.many().multicast().directBestEffort();
  private final Sinks.Many<Integer> audience = Sinks.many().replay().all();
  private Disposable serving;

  @BeforeEach
  void serve() {
    var server = streams.serve("ticks_srv");
    serving =
        new EventServer(news.asFlux(), count -> audience.tryEmitNext(count).orThrow())
            .serve(server)
            .subscribe(end -> {}, Throwable::printStackTrace);
    server.address().block(PATIENCE);
  }

  @AfterEach
  void stop() {
    serving.dispose();
    streams.close();
  }

  @Test
  void everyEventIsThereBeforeTheNextHappens() throws Exception {
    HttpResponse<Stream<String>> response = ask("/events");
    try (Stream<String> lines = response.body()) {
      Iterator<String> line = lines.filter(text -> !text.isEmpty()).iterator();
      awaitAudience(1);

      for (int i = 0; i < 5; i++) {
        news.tryEmitNext("number " + i).orThrow();
        assertThat(line.next()).isEqualTo("data: number " + i);
      }
    }
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("content-length")).isEmpty();
  }

  @Test
  void oneClientGoesAndTheOthersStay() throws Exception {
    HttpResponse<Stream<String>> staying = ask("/events");
    awaitAudience(1);
    HttpResponse<Stream<String>> leaving = ask("/events");
    awaitAudience(1, 2);

    leaving.body().close();
    awaitAudience(1, 2, 1);

    try (Stream<String> lines = staying.body()) {
      news.tryEmitNext("still here").orThrow();
      assertThat(lines.iterator().next()).isEqualTo("data: still here");
    }
    awaitAudience(1, 2, 1, 0);
  }

  @Test
  void whoAsksForTheHeadAloneDoesNotListen() throws Exception {
    HttpRequest head =
        HttpRequest.newBuilder(events()).method("HEAD", BodyPublishers.noBody()).build();

    HttpResponse<Void> response = HttpClient.newHttpClient().send(head, BodyHandlers.discarding());

    assertThat(response.statusCode()).isEqualTo(200);
    awaitAudience(1, 0);
    assertThat(news.currentSubscriberCount()).isZero();
  }

  @Test
  void thereIsNothingElse() throws Exception {
    assertThat(ask("/").statusCode()).isEqualTo(404);
  }

  private void awaitAudience(Integer... counts) {
    assertThat(audience.asFlux().take(counts.length).collectList().block(PATIENCE))
        .containsExactly(counts);
  }

  private URI events() {
    return URI.create("http://127.0.0.1:" + policy.port() + "/events");
  }

  private HttpResponse<Stream<String>> ask(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(events().resolve(path)).build(), BodyHandlers.ofLines());
  }
}
