package io.securestreams.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.BugException;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import io.securestreams.core.lifecycle.LifecycleProfile.Trait;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.retry.Backoff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A shell without sockets: performs effects, answers states, and writes down what a user would see.
 *
 * <p>{@link #play} reads scripts, one line for what happens and what is then seen:
 *
 * <pre>
 * create request_tx       -> CREATING POLL CONNECTING
 * up rx(7,SOM) ack        -> CONNECTED rx(7,SOM) QOS_ACK_REMOTE DISCONNECTED
 * </pre>
 *
 * <p>{@code STATE=RESULT} sets the handler's answer for the next time it sees that state; {@code
 * rx(..)=RESULT} and {@code tx(..)=RESULT} are callbacks with their result. Time passes by {@code
 * wake} (the backoff) and {@code timer} (the stream's own timer). Every state is checked against
 * the table here once more.
 */
final class Drive implements Effect.Performer {

  static final Backoff R0 = backoff(0);
  static final Backoff R2 = backoff(2);
  static final Backoff NO_SCHEME = Backoff.of(Optional.empty());
  static final LinkFailure REFUSED = LinkFailure.of(FailureKind.CONNECT, "127.0.0.1:9 refused");
  static final LinkFailure DROPPED = LinkFailure.of(FailureKind.CLOSED, "the peer closed");
  static final LinkFailure UNAUTHORIZED = LinkFailure.of(FailureKind.AUTH, "status 401");
  static final LinkFailure REPLACED = LinkFailure.of(FailureKind.POLICY, "a new policy");

  private Lifecycle lifecycle;
  private RecordedState checked = RecordedState.NONE;
  private final List<String> log = new ArrayList<>();
  private final List<StateEvent> events = new ArrayList<>();
  private final Deque<Function<Lifecycle, Step>> inputs = new ArrayDeque<>();
  private final Map<String, Deque<StreamReturn>> answers = new HashMap<>();
  private final Map<String, String> nested = new HashMap<>();
  private boolean running;
  private StateEvent delivered = StateEvent.of(StreamState.EVENT_WAIT_CANCELLED);
  private int ordinal;

  private long retryMs = -1;
  private long timeoutMs = -1;
  private int opened;
  private int closed;
  private int served;
  private int released;
  private final List<BugException> violations = new ArrayList<>();

  private Drive(Lifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  static Backoff backoff(int conceal) {
    return Backoff.of(new RetryScheme("r" + conceal, List.of(200L), conceal, 20, 0, 0));
  }

  static LifecycleProfile profile(Role role, Backoff backoff, Trait... traits) {
    EnumSet<Trait> set = EnumSet.noneOf(Trait.class);
    set.addAll(List.of(traits));
    return new LifecycleProfile(role, set, backoff, 300);
  }

  /** An http client; opportunistic unless told otherwise. */
  static Drive http(Backoff backoff, Trait... more) {
    List<Trait> traits = new ArrayList<>(List.of(more));
    traits.add(Trait.TRANSACTIONAL);
    return session(backoff, traits.toArray(Trait[]::new));
  }

  /** A ws, raw or mqtt client; opportunistic unless told otherwise. */
  static Drive session(Backoff backoff, Trait... traits) {
    return of(Lifecycle.client(profile(Role.CLIENT, backoff, traits)));
  }

  static Drive listener() {
    return of(Lifecycle.listener(profile(Role.LISTENER, NO_SCHEME)));
  }

  static Drive accepted(Trait... traits) {
    return of(Lifecycle.accepted(profile(Role.LISTENER, R2, traits)));
  }

  static Drive of(Lifecycle lifecycle) {
    return new Drive(lifecycle);
  }

  /** Runs a script and compares what is seen, line by line. */
  Drive play(String script) {
    for (String line : script.lines().toList()) {
      String[] sides = line.split("->", -1);
      does(sides[0]);
      assertThat(seen()).as("after: %s", sides[0].strip()).isEqualTo(sides[1].strip());
    }
    return this;
  }

  /** Runs inputs without a look at what they lead to. */
  Drive does(String words) {
    for (String word : words.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        word(word);
      }
    }
    return this;
  }

  /** What the handler does when it next sees the state. */
  Drive inside(String state, String words) {
    nested.put(state, words);
    return this;
  }

  private void word(String word) {
    int equals = word.indexOf('=');
    String left = equals < 0 ? word : word.substring(0, equals);
    StreamReturn result =
        equals < 0 ? StreamReturn.OK : StreamReturn.valueOf(word.substring(equals + 1));
    int open = left.indexOf('(');
    String argument = open < 0 ? "" : left.substring(open + 1, left.length() - 1);
    String verb = open < 0 ? left : left.substring(0, open);
    switch (verb) {
      case "create" -> input(Lifecycle::create);
      case "connect" -> input(Lifecycle::connectRequested);
      case "disconnect" -> input(Lifecycle::disconnectRequested);
      case "request_tx" -> input(Lifecycle::txRequested);
      case "served" -> input(Lifecycle::txServed);
      case "destroy" -> input(Lifecycle::destroyRequested);
      case "up" -> input(now -> now.linkUp(number(argument)));
      case "fail" -> input(now -> now.linkFailed(REFUSED.withRetryAfter(number(argument)), 0));
      case "no_server" ->
          input(now -> now.linkFailed(REFUSED.withOrdinal(LinkFailure.NO_NAME_SERVER), 0));
      case "fail_sent" -> input(now -> now.linkFailed(REFUSED.withoutResend(), 0));
      case "drop" -> input(now -> now.linkClosed(DROPPED, 0));
      case "drop_sent" -> input(now -> now.linkClosed(DROPPED.withoutResend(), 0));
      case "auth" -> input(now -> now.authRefused(UNAUTHORIZED, 0));
      case "ack" -> input(now -> now.acked(Outcome.ACK, ordinal(argument)));
      case "nack" -> input(now -> now.acked(Outcome.NACK, ordinal(argument)));
      case "wake" -> wake();
      case "stale_wake" -> input(Lifecycle::retryDue);
      case "start_timeout" -> input(now -> now.timeoutStarted(number(argument)));
      case "cancel_timeout" -> input(Lifecycle::timeoutCancelled);
      case "timer" -> timer();
      case "stale_timer" -> input(Lifecycle::timeoutFired);
      case "txn" -> input(Lifecycle::transaction);
      case "done" -> input(Lifecycle::transactionDone);
      case "upgrade" -> input(Lifecycle::upgraded);
      case "moved" -> input(now -> now.moved(REPLACED));
      case "moved_sent" -> input(now -> now.moved(REPLACED.withoutResend()));
      case "withdrawn" -> input(now -> now.withdrawn(REPLACED));
      case "rx" -> {
        log.add(left);
        input(now -> now.rxReturned(result, 0));
      }
      case "tx" -> {
        log.add("tx#" + ordinal++ + "→" + argument);
        input(now -> now.txReturned(result, 0));
      }
      default -> {
        assertThat(equals).as("word %s", word).isPositive();
        answers.computeIfAbsent(left, key -> new ArrayDeque<>()).add(result);
      }
    }
  }

  /** The policy gives the stream other facts. */
  Drive changed(Backoff backoff, Trait... traits) {
    input(now -> now.policyChanged(profile(Role.CLIENT, backoff, traits)));
    return this;
  }

  private static int number(String argument) {
    return argument.isEmpty() ? 0 : Integer.parseInt(argument);
  }

  private static long ordinal(String argument) {
    return argument.isEmpty() ? Lifecycle.NO_MESSAGE : Long.parseLong(argument);
  }

  private void wake() {
    assertThat(retryMs).as("a scheduled retry").isNotNegative();
    retryMs = -1;
    input(Lifecycle::retryDue);
  }

  private void timer() {
    assertThat(timeoutMs).as("a running timer").isPositive();
    timeoutMs = -1;
    input(Lifecycle::timeoutFired);
  }

  /** One input; kept back while another one runs, as the real shell does. */
  void input(Function<Lifecycle, Step> input) {
    inputs.add(input);
    if (!running) {
      running = true;
      while (!inputs.isEmpty()) {
        run(inputs.remove());
      }
      running = false;
    }
  }

  private void run(Function<Lifecycle, Step> input) {
    perform(input.apply(lifecycle));
    while (lifecycle.awaitsReturn()) {
      String state = name(delivered);
      does(Optional.ofNullable(nested.remove(state)).orElse(""));
      Deque<StreamReturn> results = answers.getOrDefault(state, new ArrayDeque<>());
      StreamReturn result = results.isEmpty() ? StreamReturn.OK : results.remove();
      perform(lifecycle.returned(result, 0));
    }
  }

  private void perform(Step step) {
    lifecycle = step.next();
    long emits = step.effects().stream().filter(Effect.Emit.class::isInstance).count();
    assertThat(emits).as("states in one step").isLessThanOrEqualTo(1);
    assertThat(lifecycle.awaitsReturn()).isEqualTo(emits == 1);
    if (emits == 1) {
      assertThat(step.effects().get(step.effects().size() - 1)).isInstanceOf(Effect.Emit.class);
    }
    step.effects().forEach(effect -> effect.performOn(this));
  }

  @Override
  public void emit(StateEvent event) {
    assertThat(released).as("nothing after release").isZero();
    assertThat(checked.accepts(event.state())).as("%s -> %s in %s", checked, event, log).isTrue();
    checked = checked.after(event.state());
    delivered = event;
    events.add(event);
    log.add(name(event));
  }

  @Override
  public void openLink() {
    opened++;
  }

  @Override
  public void closeLink() {
    closed++;
  }

  @Override
  public void scheduleRetry(long delayMs) {
    assertThat(retryMs).as("one retry at a time").isNegative();
    retryMs = delayMs;
  }

  @Override
  public void cancelRetry() {
    assertThat(retryMs).as("a retry to cancel").isNotNegative();
    retryMs = -1;
  }

  @Override
  public void armTimeout(long ms) {
    timeoutMs = ms;
  }

  @Override
  public void cancelTimeout() {
    assertThat(timeoutMs).as("a timer to cancel").isPositive();
    timeoutMs = -1;
  }

  @Override
  public void serveTx() {
    served++;
  }

  @Override
  public void release() {
    released++;
    assertThat(retryMs).as("no retry left").isNegative();
    assertThat(timeoutMs).as("no timer left").isNegative();
  }

  @Override
  public void violation(BugException bug) {
    violations.add(bug);
  }

  Lifecycle now() {
    return lifecycle;
  }

  List<StateEvent> events() {
    return events;
  }

  StateEvent last() {
    return events.get(events.size() - 1);
  }

  /** The last event of a state. */
  StateEvent last(StreamState state) {
    return events.stream()
        .filter(event -> event.state() == state)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** The wait of the scheduled retry; -1 without one. */
  long retryMs() {
    return retryMs;
  }

  /** The time of the stream's own timer; -1 without one. */
  long timeoutMs() {
    return timeoutMs;
  }

  int opened() {
    return opened;
  }

  int closed() {
    return closed;
  }

  /** How often tx was allowed to run. */
  int served() {
    return served;
  }

  int released() {
    return released;
  }

  List<BugException> violations() {
    return violations;
  }

  /** All that was seen since the last call, in the notation of the worked sequences. */
  String seen() {
    String seen = String.join(" ", log);
    log.clear();
    return seen;
  }

  private static String name(StateEvent event) {
    String name =
        event.state() == StreamState.USER ? Integer.toString(event.code()) : event.state().name();
    return event.ordinal() == 0 ? name : name + "(" + event.ordinal() + ")";
  }
}
