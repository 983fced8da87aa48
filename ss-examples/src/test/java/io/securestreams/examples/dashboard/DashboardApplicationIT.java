package io.securestreams.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.SecureStreams;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The running application, asked on both of its ports. */
@Timeout(90)
class DashboardApplicationIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PRICE = "\\d+\\.\\d\\d";

  private ConfigurableApplicationContext context;
  private WebClient browser;

  @BeforeEach
  void start() {
    context =
        SpringApplication.run(
            DashboardApplication.class, "--server.port=0", "--spring.main.banner-mode=off");
    String port = context.getEnvironment().getProperty("local.server.port");
    browser = WebClient.create("http://127.0.0.1:" + port);
  }

  @AfterEach
  void endsInOrder() {
    SecureStreams streams = context.getBean(SecureStreams.class);
    context.close();
    assertThat(streams.isDisposed()).isTrue();
    assertThat(streams.openStreams()).isZero();
  }

  @Test
  void thePageShowsWhatTheStreamSays() {
    String page = browser.get().uri("/").retrieve().bodyToMono(String.class).block(PATIENCE);

    assertThat(page).contains("new EventSource(\"/prices\")");
    StepVerifier.create(prices().take(3))
        .expectNextMatches(price -> price.matches(PRICE))
        .expectNextMatches(price -> price.matches(PRICE))
        .expectNextMatches(price -> price.matches(PRICE))
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void theListenerOfThePolicyAnswersBesideTheApplication() {
    prices().blockFirst(PATIENCE);

    assertThat(latest()).matches("\\{\"price\":" + PRICE + "}");
  }

  @Test
  void whenTheExchangeGoesAwayEverybodyIsToldAndItsReturnIsNoticed() {
    Exchange exchange = context.getBean(Exchange.class);

    StepVerifier.create(events().map(DashboardApplicationIT::text))
        .thenConsumeWhile(text -> !text.startsWith("price="))
        .consumeNextWith(price -> exchange.close())
        .thenConsumeWhile(text -> !text.equals("state=DISCONNECTED"))
        .consumeNextWith(gone -> exchange.open())
        .thenConsumeWhile(text -> !text.equals("state=CONNECTED"))
        .expectNext("state=CONNECTED")
        .thenConsumeWhile(text -> !text.startsWith("price="))
        .expectNextMatches(text -> text.startsWith("price="))
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void allBrowsersShareOneStream() {
    SecureStreams streams = context.getBean(SecureStreams.class);
    int without = streams.openStreams();

    prices().blockFirst(PATIENCE);
    int withOne = streams.openStreams();
    Flux.merge(prices().take(2), prices().take(2), prices().take(2)).blockLast(PATIENCE);

    assertThat(withOne)
        .as("the stream of prices, and its end at the exchange")
        .isEqualTo(without + 2);
    assertThat(streams.openStreams()).isEqualTo(withOne);
  }

  private Flux<String> prices() {
    return events()
        .filter(event -> "price".equals(event.event()))
        .mapNotNull(ServerSentEvent::data);
  }

  private Flux<ServerSentEvent<String>> events() {
    return browser
        .get()
        .uri("/prices")
        .accept(MediaType.TEXT_EVENT_STREAM)
        .retrieve()
        .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {});
  }

  private static String text(ServerSentEvent<String> event) {
    return event.event() + "=" + event.data();
  }

  private String latest() {
    int port =
        ((InetSocketAddress) context.getBean(LatestPrice.class).address().block(PATIENCE))
            .getPort();
    return WebClient.create("http://127.0.0.1:" + port)
        .get()
        .uri("/")
        .retrieve()
        .bodyToMono(String.class)
        .block(PATIENCE);
  }
}
