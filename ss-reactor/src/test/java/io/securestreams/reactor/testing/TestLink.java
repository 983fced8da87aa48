package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.ClientPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A link that a test drives, a client's or a server's: it writes down what the stream asks of it,
 * and signals what the test wants. A frame beyond the stream's credit is an error of the test.
 */
public final class TestLink implements ServerLink {

  private final Optional<ClientPlan> plan;
  private final List<Answer> answers = new ArrayList<>();
  private final List<TxPiece> pieces = new ArrayList<>();
  private final List<Long> requests = new ArrayList<>();
  private final List<LinkClose> closes = new ArrayList<>();
  private final List<String> grants = new ArrayList<>();
  private long granted;
  private long credit;
  private int pings;
  private int taken;
  private boolean started;
  private Optional<LinkObserver> observer = Optional.empty();

  TestLink(Optional<ClientPlan> plan) {
    this.plan = plan;
  }

  /** Who is told the signals; empty refuses the link. */
  TestLink observedBy(Optional<LinkObserver> told) {
    observer = told;
    return this;
  }

  // --- what the stream asks -------------------------------------------------------------------

  @Override
  public void start() {
    assertThat(started).as("a link is started once").isFalse();
    started = true;
  }

  @Override
  public void request(long frames) {
    assertThat(frames).as("credit").isPositive();
    requests.add(frames);
    credit =
        frames == Long.MAX_VALUE || credit == Long.MAX_VALUE ? Long.MAX_VALUE : credit + frames;
  }

  @Override
  public void send(TxPiece piece) {
    assertThat(closes).as("nothing is sent into a closed link").isEmpty();
    pieces.add(piece);
  }

  @Override
  public void answer(Answer answer) {
    answers.add(answer);
  }

  @Override
  public void manualTxCredit(long bytes) {
    assertThat(started).as("a link that is started already").isFalse();
    grants.add("manual " + bytes);
    granted = bytes;
  }

  @Override
  public void addPeerTxCredit(long bytes) {
    grants.add("add " + bytes);
    granted += bytes;
  }

  @Override
  public long estimatedPeerTxCredit() {
    return granted;
  }

  @Override
  public void ping() {
    pings++;
  }

  @Override
  public void close(LinkClose how) {
    closes.add(how);
  }

  @Override
  public Optional<String> peer() {
    return Optional.of("peer");
  }

  // --- what the test sees ---------------------------------------------------------------------

  /** What was to be connected to. */
  public ClientPlan plan() {
    return plan.orElseThrow();
  }

  /** The plan of an http transaction. */
  public HttpPlan http() {
    return (HttpPlan) plan();
  }

  /** False if the stream's side refused the connection. */
  public boolean isAccepted() {
    return observer.isPresent();
  }

  /** The heads of the answers, each as {@code 200 LENGTH 5}. */
  public List<String> answers() {
    return answers.stream()
        .map(
            answer ->
                answer.status()
                    + " "
                    + answer.body().kind()
                    + (answer.body().kind() == BodyPlan.Kind.LENGTH
                        ? " " + answer.body().length()
                        : ""))
        .toList();
  }

  /** The head of the last answer. */
  public Answer lastAnswer() {
    return answers.get(answers.size() - 1);
  }

  /** True once the attempt began. */
  public boolean isStarted() {
    return started;
  }

  /** Frames that may still be delivered. */
  public long credit() {
    return credit;
  }

  /** Each credit that was given, in order. */
  public List<Long> requests() {
    return List.copyOf(requests);
  }

  /** What the peer was granted by hand, each as {@code manual 100} or {@code add 7}. */
  public List<String> grants() {
    return List.copyOf(grants);
  }

  /** How often a proof of validity was asked for. */
  public int pings() {
    return pings;
  }

  /** How the link was given up; empty if it was not. */
  public List<LinkClose> closes() {
    return List.copyOf(closes);
  }

  /** The pieces sent since the last call, each as {@code text:FLAGS}. */
  public List<String> sent() {
    List<String> fresh =
        pieces.subList(taken, pieces.size()).stream()
            .map(piece -> piece.payload().utf8() + ":" + piece.flags())
            .toList();
    taken = pieces.size();
    return fresh;
  }

  /** How many pieces were sent in all. */
  public int sentCount() {
    return pieces.size();
  }

  // --- what happens on the link ---------------------------------------------------------------

  /** Any signal, also a belated one. */
  public TestLink signal(LinkSignal signal) {
    observer.orElseThrow().signal(signal);
    return this;
  }

  /** The connection stands, or the response's head is there. */
  public TestLink up() {
    return signal(LinkSignal.Up.PLAIN);
  }

  /** The response's head is there, and sets metadata. */
  public TestLink up(int userState, MetadataValue... metadata) {
    return signal(new LinkSignal.Up(List.of(metadata), userState));
  }

  /** The link can take pieces. */
  public TestLink txReady() {
    return signal(LinkSignal.Event.TX_READY);
  }

  /** A piece was received. */
  public TestLink frame(String text, MessageFlags flags) {
    boolean free = text.isEmpty() && !flags.som();
    if (!free && credit != Long.MAX_VALUE) {
      assertThat(credit).as("credit for another frame").isPositive();
      credit--;
    }
    return signal(new LinkSignal.Frame(Payload.utf8(text), flags));
  }

  /** A whole message was received. */
  public TestLink message(String text) {
    return frame(text, MessageFlags.SOM_EOM);
  }

  /** A whole body was received and the transaction is confirmed. */
  public TestLink replies(String text) {
    up();
    frame(text, MessageFlags.SOM);
    frame("", MessageFlags.EOM);
    return ack();
  }

  /** Server: a request's head is there. */
  public TestLink asks(String method, MetadataValue... metadata) {
    return signal(new LinkSignal.Transaction(method, List.of(metadata)));
  }

  /** Server: the connection is a WebSocket from here on. */
  public TestLink upgrades() {
    return signal(new LinkSignal.Upgraded(List.of()));
  }

  /** Server: the answer is written. */
  public TestLink answered() {
    return signal(LinkSignal.Event.ANSWERED);
  }

  /** Pieces were written to the socket. */
  public TestLink written(int count) {
    return signal(new LinkSignal.Written(count));
  }

  /** The peer confirmed. */
  public TestLink ack() {
    return signal(LinkSignal.Event.ACKED);
  }

  /** The peer refused. */
  public TestLink nack() {
    return signal(LinkSignal.Event.NACKED);
  }

  /** The peer proved to be there. */
  public TestLink alive() {
    return signal(LinkSignal.Event.ALIVE);
  }

  /** The attempt failed, and what was sent had no effect. */
  public TestLink fail(FailureKind kind) {
    return fail(kind, 0, LinkSignal.Delivery.NOT_SENT);
  }

  /** The attempt failed, and what was sent may have arrived. */
  public TestLink failAfterSending(FailureKind kind) {
    return fail(kind, 0, LinkSignal.Delivery.UNKNOWN);
  }

  /** The attempt failed. */
  public TestLink fail(FailureKind kind, long retryAfterMs, LinkSignal.Delivery delivery) {
    return signal(new LinkSignal.Failed(cause(kind), retryAfterMs, delivery));
  }

  /** Credentials were refused. */
  public TestLink refuseCredentials() {
    return signal(new LinkSignal.AuthRefused(cause(FailureKind.AUTH)));
  }

  /** The peer closed the connection. */
  public TestLink drop() {
    return signal(new LinkSignal.Closed(cause(FailureKind.CLOSED)));
  }

  private static LinkException cause(FailureKind kind) {
    return new LinkException(kind, "a test wanted " + kind, "peer", null);
  }
}
