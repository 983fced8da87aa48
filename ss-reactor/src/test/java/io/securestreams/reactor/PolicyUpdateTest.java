package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.Finding;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Policies that replace each other under running streams, in virtual time. */
class PolicyUpdateTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final LocalTransport transport = LocalTransport.create();
  private final List<AcceptedStream> accepted = new ArrayList<>();
  private SecureStreams streams = with(SwapMode.drain(LIMIT));

  private SecureStreams with(SwapMode mode) {
    return SecureStreams.builder()
        .policy(policy(ws("feed", 80, "a"), ws("other", 80, "b"), server("site", 80)))
        .swapMode(mode)
        .transport(transport)
        .scheduler(time)
        .build();
  }

  private static String policy(String... types) {
    return """
        {"retry":[{"r":{"backoff":[60000],"conceal":9,"jitterpc":1}}],"s":[%s]}
        """
        .formatted(String.join(",", types));
  }

  private static String ws(String name, int port, String url) {
    return """
        {"%s":{"endpoint":"h","port":%d,"protocol":"ws","http_url":"%s","nailed_up":true,
               "retry":"r","metadata":[{"id":""}]}}
        """
        .formatted(name, port, url);
  }

  private static String get(String name, int port) {
    return """
        {"%s":{"endpoint":"h","port":%d,"protocol":"h1","http_method":"GET","retry":"r"}}
        """
        .formatted(name, port);
  }

  private static String server(String name, int port) {
    return """
        {"%s":{"server":true,"port":%d,"protocol":"h1","ws_subprotocol":"p",
               "metadata":[{"method":"","path":""}]}}
        """
        .formatted(name, port);
  }

  @AfterEach
  void leavesNothingOpen() {
    streams.close();
    assertThat(streams.openStreams()).isZero();
  }

  private StreamServer serve(String type) {
    StreamServer server = streams.serve(type);
    server
        .accepted()
        .subscribe(
            client -> {
              accepted.add(client);
              client.events().subscribe();
            });
    return server;
  }

  private PolicyEvent.Swapped update(String... types) {
    PolicyEvent.Swapped swapped = streams.updatePolicy(policy(types)).block(LIMIT);
    assertThat(swapped).isNotNull();
    return swapped;
  }

  @Test
  void streamMovesWithThePartThatRidesWithItsRequests() {
    EventLog upload = EventLog.of(opened(upload("2nd", "b")));
    upload.skip();

    PolicyEvent.Swapped swapped = update(upload("zwei", "b"));

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("upload", SwapEffect.MOVED, 1));
    assertThat(update(upload("zwei", "other")).disturbed()).isEmpty();
    assertThat(upload.fresh()).isEmpty();
  }

  private SecureStream opened(String type) {
    update(type);
    return streams.open("upload");
  }

  private static String upload(String part, String url) {
    return """
        {"upload":{"endpoint":"h","port":80,"protocol":"h1","http_method":"POST",
                   "http_multipart_name":"1st","rideshare":"rider"},
         "rider":{"protocol":"h1","http_multipart_name":"%s","http_url":"%s"}}
        """
        .formatted(part, url);
  }

  @Test
  void changedStreamMovesAndTheOtherNoticesNothing() {
    serve("site");
    EventLog feed = EventLog.of(streams.open("feed"));
    EventLog other = EventLog.of(streams.open("other"));
    feed.skip();
    other.skip();

    PolicyEvent.Swapped swapped =
        update(ws("feed", 80, "new"), ws("other", 80, "b"), server("site", 80));

    assertThat(feed.fresh()).containsExactly("DISCONNECTED", "POLL", "CONNECTING", "CONNECTED");
    assertThat(feed.last(StreamState.DISCONNECTED).failureKind()).contains(FailureKind.POLICY);
    assertThat(other.fresh()).isEmpty();
    assertThat(accepted.get(2).metadata("path")).contains("/new");
    assertThat(swapped.disturbed()).containsExactly(new Disturbance("feed", SwapEffect.MOVED, 1));
    assertThat(streams.policy().streamType("feed").orElseThrow().http().url().text())
        .isEqualTo("new");
  }

  @Test
  void refusedPolicyChangesNothing() {
    serve("site");
    EventLog feed = EventLog.of(streams.open("feed"));
    feed.skip();
    List<PolicyEvent> seen = new ArrayList<>();
    streams.policyEvents().subscribe(seen::add);

    assertThatThrownBy(() -> streams.updatePolicy("{\"s\":[{\"feed\":{}}]}").block(LIMIT))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("MISSING");

    assertThat(feed.fresh()).isEmpty();
    assertThat(streams.policy().streamTypes()).containsOnlyKeys("feed", "other", "site");
    assertThat(seen.get(0)).isInstanceOf(PolicyEvent.Loaded.class);
    assertThat(seen.get(1).findings()).anyMatch(Finding::isError);
    assertThat(seen.get(1))
        .isInstanceOfSatisfying(
            PolicyEvent.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("$.s[0].feed"));
  }

  @Test
  void policyForANewerReaderIsRefusedWithItsReason() {
    assertThatThrownBy(() -> streams.updatePolicy("{\"schema-version\":2,\"s\":[]}").block(LIMIT))
        .hasMessageContaining("schema version 2");
    assertThat(streams.policy().streamTypes()).hasSize(3);
  }

  @Test
  void addressInUseRefusesTheWholePolicy() {
    StreamServer site = serve("site");
    update(ws("feed", 80, "a"), server("site", 80), server("second", 81));
    serve("second");
    EventLog feed = EventLog.of(streams.open("feed"));
    feed.skip();

    assertThatThrownBy(
            () -> update(ws("feed", 80, "new"), server("site", 81), server("second", 82)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("cannot be put in force")
        .hasMessageContaining("81");

    assertThat(port(site)).isEqualTo(80);
    assertThat(streams.policy().streamType("site").orElseThrow().port()).isEqualTo(80);
    assertThat(feed.fresh()).isEmpty();
  }

  @Test
  void streamThatWaitsForARetryTriesAtOnce() {
    EventLog feed = EventLog.of(streams.open("feed"));
    assertThat(feed.all()).endsWith("UNREACHABLE");
    feed.skip();
    serve("site");

    update(ws("feed", 80, "new"), server("site", 80));

    assertThat(feed.fresh()).containsExactly("POLL", "CONNECTING", "CONNECTED");
  }

  @Test
  void removedStreamTypeEndsItsStreamsAndSaysWhy() {
    serve("site");
    SecureStream feed = streams.open("feed");
    EventLog log = EventLog.of(feed);
    log.skip();

    PolicyEvent.Swapped swapped = update(ws("feeds", 80, "a"), server("site", 80));

    assertThat(log.fresh()).containsExactly("DISCONNECTED", "DESTROYING", "complete");
    assertThat(log.last(StreamState.DESTROYING).failure().orElseThrow().detail())
        .contains("no stream type 'feed'")
        .contains("did you mean 'feeds'?");
    assertThat(swapped.disturbed()).containsExactly(new Disturbance("feed", SwapEffect.ENDED, 1));
  }

  @Test
  void messagesOfARemovedStreamTypeFailWithTheReason() {
    SecureStream feed = streams.open("feed");
    EventLog.of(feed);

    StepVerifier.create(feed.tx().send(Payload.utf8("lost")))
        .then(() -> update(server("site", 80)))
        .verifyErrorSatisfies(PolicyUpdateTest::failsForThePolicy);
  }

  @Test
  void readersOfARemovedStreamTypeGetTheFailure() {
    serve("site");

    StepVerifier.create(streams.receive("feed"))
        .then(() -> update(server("site", 80)))
        .verifyErrorSatisfies(PolicyUpdateTest::failsForThePolicy);
  }

  @Test
  void streamTypeThatBecomesAServerEndsItsClients() {
    EventLog feed = EventLog.of(streams.open("feed"));
    update(server("feed", 99));
    assertThat(feed.all()).endsWith("DESTROYING", "complete");
  }

  @Test
  void streamMadeByTheOldPolicyBeginsWithTheNew() {
    serve("site");
    SecureStream early = streams.open("feed");

    update(ws("feed", 80, "new"), server("site", 80));
    EventLog log = EventLog.of(early);

    assertThat(log.all()).containsExactly("CREATING", "CONNECTING", "CONNECTED");
    assertThat(accepted.get(0).metadata("path")).contains("/new");
  }

  @Test
  void streamWhoseTypeLeftBeforeItBeganSaysSo() {
    SecureStream early = streams.open("feed");
    update(server("site", 80));
    EventLog log = EventLog.of(early);
    assertThat(log.all()).containsExactly("CREATING", "DESTROYING", "complete");
    assertThat(log.last(StreamState.DESTROYING).failureKind()).contains(FailureKind.POLICY);
  }

  @Test
  void metadataThatIsStillDeclaredIsKept() {
    serve("site");
    SecureStream feed = streams.open("feed").metadata("id", "7");
    EventLog.of(feed);

    update(ws("feed", 80, "by/${id}"), server("site", 80));

    assertThat(accepted.get(1).metadata("path")).contains("/by/7");
  }

  @Test
  void transactionUnderWayEndsByTheOldPolicyAndTheNextBeginsByTheNew() {
    streams.updatePolicy(policy(get("item", 80), server("site", 80))).block(LIMIT);
    serve("site");
    SecureStream item = streams.open("item");
    EventLog log = EventLog.of(item);
    item.connect();
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING");

    update(get("item", 81), server("site", 80));
    assertThat(log.all()).containsExactly("CREATING", "CONNECTING");
    accepted.get(0).serverAck(0);
    accepted.get(0).tx().tryEmitNext(Payload.utf8("old"));
    assertThat(log.all()).endsWith("QOS_ACK_REMOTE", "DISCONNECTED");
    log.skip();
    item.connect();

    assertThat(log.fresh()).as("nobody listens there").endsWith("UNREACHABLE");
  }

  @Test
  void transactionThatDoesNotEndIsCutAtTheLimit() {
    streams.updatePolicy(policy(get("item", 80), server("site", 80))).block(LIMIT);
    serve("site");
    SecureStream item = streams.open("item");
    EventLog log = EventLog.of(item);
    item.connect();
    update(get("item", 81), server("site", 80));
    log.skip();

    time.advanceTimeBy(LIMIT.minusMillis(1));
    assertThat(log.fresh()).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(log.fresh()).containsExactly("DISCONNECTED", "POLL", "CONNECTING", "UNREACHABLE");
  }

  @Test
  void cuttingDoesNotWait() {
    streams.close();
    streams = with(SwapMode.CUT);
    streams.updatePolicy(policy(get("item", 80), server("site", 80))).block(LIMIT);
    serve("site");
    SecureStream item = streams.open("item");
    EventLog log = EventLog.of(item);
    item.connect();
    log.skip();

    update(get("item", 81), server("site", 80));

    assertThat(log.fresh()).containsExactly("DISCONNECTED", "POLL", "CONNECTING", "UNREACHABLE");
  }

  @Test
  void postThatMayHaveArrivedIsNotMadeAgain() {
    streams.close();
    streams = with(SwapMode.CUT);
    String post = get("item", 80).replace("GET", "POST");
    streams.updatePolicy(policy(post, server("site", 80))).block(LIMIT);
    serve("site");
    SecureStream item = streams.open("item");
    EventLog log = EventLog.of(item);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    item.tx().send(Payload.utf8("once")).subscribe(nothing -> {}, failure::set);
    assertThat(accepted).hasSize(1);
    log.skip();

    update(post.replace("80", "90"), server("site", 80), server("other", 90));

    assertThat(log.fresh()).containsExactly("DISCONNECTED");
    assertThat(log.last(StreamState.DISCONNECTED).willRetry()).isFalse();
    failsForThePolicy(failure.get());
  }

  @Test
  void keptConnectionOfARemovedTypeLastsUntilItEnds() {
    streams.close();
    streams = with(SwapMode.KEEP);
    serve("site");
    EventLog feed = EventLog.of(streams.open("feed"));
    feed.skip();

    PolicyEvent.Swapped swapped = update(server("site", 80));
    assertThat(swapped.disturbed()).isEmpty();
    assertThat(feed.fresh()).isEmpty();

    accepted.get(0).destroy();
    assertThat(feed.fresh()).containsExactly("DISCONNECTED", "DESTROYING", "complete");
    assertThat(feed.last(StreamState.DESTROYING).failureKind()).contains(FailureKind.POLICY);
  }

  @Test
  void transactionOfARemovedTypeIsBroughtToItsEnd() {
    streams.updatePolicy(policy(get("item", 80), server("site", 80))).block(LIMIT);
    serve("site");
    SecureStream item = streams.open("item");
    EventLog log = EventLog.of(item);
    item.connect();
    update(server("site", 80));
    log.skip();

    accepted.get(0).serverAck(0);
    accepted.get(0).tx().tryEmitNext(Payload.utf8("last"));

    assertThat(log.fresh())
        .containsSubsequence("QOS_ACK_REMOTE", "DISCONNECTED", "DESTROYING", "complete");
  }

  @Test
  void updateMayBeAskedForWhenAnotherOneIsTold() {
    StepVerifier.create(
            streams
                .updatePolicy(policy(server("one", 1)))
                .map(first -> streams.updatePolicy(policy(server("two", 2))).block(LIMIT)))
        .expectNextCount(1)
        .expectComplete()
        .verify(LIMIT);
    assertThat(streams.policy().streamTypes()).containsOnlyKeys("two");
  }

  @Test
  void policyThatComesBackInTimeLeavesTheTransactionAlone() {
    streams.updatePolicy(policy(get("item", 80), server("site", 80))).block(LIMIT);
    serve("site");
    SecureStream item = streams.open("item");
    EventLog log = EventLog.of(item);
    item.connect();
    log.skip();

    update(get("item", 81), server("site", 80));
    update(get("item", 80), server("site", 80));
    time.advanceTimeBy(LIMIT.multipliedBy(2));

    assertThat(log.fresh()).isEmpty();
  }

  @Test
  void listenerMovesToAnotherAddressAndItsStreamsEnd() {
    StreamServer site = serve("site");
    EventLog feed = EventLog.of(streams.open("feed"));
    feed.skip();

    PolicyEvent.Swapped swapped = update(ws("feed", 80, "a"), server("site", 90));

    assertThat(port(site)).isEqualTo(90);
    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.REBOUND, 1));
    assertThat(feed.fresh()).startsWith("DISCONNECTED");
  }

  @Test
  void listenerWhoseAddressStaysKeepsItsStreams() {
    StreamServer site = serve("site");
    EventLog feed = EventLog.of(streams.open("feed"));
    feed.skip();
    String other = server("site", 80).replace("\"method\":\"\"", "\"method\":\"\",\"x\":\"x-x:\"");

    PolicyEvent.Swapped swapped = update(ws("feed", 80, "a"), other);

    assertThat(swapped.disturbed()).containsExactly(new Disturbance("site", SwapEffect.RENEWED, 1));
    assertThat(feed.fresh()).isEmpty();
    assertThat(port(site)).isEqualTo(80);
    EventLog.of(streams.open("feed"));
    assertThat(accepted.get(1).metadata("x")).as("declared by the new policy").isEmpty();
  }

  @Test
  void removedListenerCompletesAndItsStreamsEnd() {
    StreamServer site = streams.serve("site");
    List<StreamState> states = new ArrayList<>();
    site.states().subscribe(event -> states.add(event.state()));

    StepVerifier.create(site.accepted())
        .then(() -> update(ws("feed", 80, "a")))
        .expectComplete()
        .verify(LIMIT);

    assertThat(states).containsExactly(StreamState.CREATING, StreamState.DESTROYING);
  }

  @Test
  void updatesComeOneAfterTheOther() {
    List<PolicyEvent> seen = new ArrayList<>();
    streams.policyEvents().subscribe(seen::add);

    StepVerifier.create(
            streams
                .updatePolicy(policy(server("one", 1)))
                .mergeWith(streams.updatePolicy("nonsense").onErrorComplete())
                .mergeWith(streams.updatePolicy(policy(server("three", 3))))
                .then())
        .verifyComplete();

    assertThat(streams.policy().streamTypes()).containsOnlyKeys("three");
    assertThat(seen)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Loaded", "Swapped", "Rejected", "Swapped");
  }

  @Test
  void eventsOfThePolicyEndWithTheContext() {
    StepVerifier.create(streams.policyEvents())
        .expectNextCount(1)
        .then(streams::close)
        .expectComplete()
        .verify(LIMIT);
  }

  private static void failsForThePolicy(Throwable error) {
    assertThat(error)
        .isInstanceOfSatisfying(
            StreamFailedException.class,
            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.POLICY));
  }

  private static int port(StreamServer server) {
    return ((InetSocketAddress) server.address().block(LIMIT)).getPort();
  }
}
