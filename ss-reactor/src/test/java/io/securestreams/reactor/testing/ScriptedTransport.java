package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.plan.ClientPlan;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Makes links that the test drives, and hands them to the test in the order of the attempts. */
public final class ScriptedTransport implements ClientTransport {

  private final List<TestLink> links = new ArrayList<>();
  private int taken;

  @Override
  public Link link(ClientPlan plan, LinkObserver observer) {
    TestLink link = new TestLink(Optional.of(plan)).observedBy(Optional.of(observer));
    links.add(link);
    return link;
  }

  @Override
  public Mono<Void> close() {
    return Mono.empty();
  }

  /** The link of the next attempt, which must have begun. */
  public TestLink next() {
    assertThat(links).as("another attempt").hasSizeGreaterThan(taken);
    TestLink link = links.get(taken++);
    assertThat(link.isStarted()).as("the attempt has begun").isTrue();
    return link;
  }

  /** Checks that every attempt was looked at. */
  public void expectNoAttempt() {
    assertThat(links).as("attempts").hasSize(taken);
  }

  /** How many attempts were made. */
  public int attempts() {
    return links.size();
  }
}
