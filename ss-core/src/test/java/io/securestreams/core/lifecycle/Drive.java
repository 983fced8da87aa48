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
 * <p>Links answer by a script, one entry for each attempt; beyond it they stay silent. Waits do not
 * pass by themselves: {@link #wake} fires the scheduled retry.
 */
final class Drive implements Effect.Performer {

  static final Backoff R0 = backoff(0);
  static final Backoff R2 = backoff(2);
  static final Backoff FOREVER = backoff(RetryScheme.FOREVER);
  static final Backoff NO_SCHEME = Backoff.of(Optional.empty());
  static final LinkFailure REFUSED = LinkFailure.of(FailureKind.CONNECT, "127.0.0.1:9 refused");
  static final LinkFailure DROPPED = LinkFailure.of(FailureKind.CLOSED, "the peer closed");

  private Lifecycle lifecycle;
  private RecordedState checked = RecordedState.NONE;
  private final List<String> log = new ArrayList<>();
  private final List<StateEvent> events = new ArrayList<>();
  private final Deque<Function<Lifecycle, Step>> inputs = new ArrayDeque<>();
  private final Deque<Function<Lifecycle, Step>> links = new ArrayDeque<>();
  private final Map<String, Deque<StreamReturn>> answers = new HashMap<>();
  private final Map<String, Deque<Runnable>> nested = new HashMap<>();
  private Optional<Runnable> tx = Optional.empty();
  private boolean running;
  private StateEvent delivered = StateEvent.of(StreamState.EVENT_WAIT_CANCELLED);
  private int tries;

  int draw;
  long retryMs = -1;
  long timeoutMs = -1;
  int opened;
  int closed;
  int served;
  int released;
  List<BugException> violations = new ArrayList<>();

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

  /** An opportunistic http client. */
  static Drive http(Backoff backoff, Trait... more) {
    List<Trait> traits = new ArrayList<>(List.of(more));
    traits.add(Trait.TRANSACTIONAL);
    return new Drive(Lifecycle.client(profile(Role.CLIENT, backoff, traits.toArray(Trait[]::new))));
  }

  /** An opportunistic ws, raw or mqtt client. */
  static Drive session(Backoff backoff, Trait... traits) {
    return new Drive(Lifecycle.client(profile(Role.CLIENT, backoff, traits)));
  }

  static Drive listener() {
    return new Drive(Lifecycle.listener(profile(Role.LISTENER, NO_SCHEME)));
  }

  static Drive accepted(Trait... traits) {
    return new Drive(Lifecycle.accepted(profile(Role.LISTENER, R2, traits)));
  }

  static Drive of(Lifecycle lifecycle) {
    return new Drive(lifecycle);
  }

  // -- script

  /** What the next unscripted attempt does as soon as it starts. */
  Drive link(Function<Lifecycle, Step> answer) {
    links.add(answer);
    return this;
  }

  Drive refuses() {
    return link(now -> now.linkFailed(REFUSED, draw));
  }

  Drive comesUp() {
    return link(now -> now.linkUp(0));
  }

  /** What the handler answers when it next sees the state; OK when nothing is scripted. */
  Drive answer(String state, StreamReturn result) {
    answers.computeIfAbsent(state, key -> new ArrayDeque<>()).add(result);
    return this;
  }

  /** What the handler does when it next sees the state. */
  Drive inside(String state, Runnable call) {
    nested.computeIfAbsent(state, key -> new ArrayDeque<>()).add(call);
    return this;
  }

  /** What the tx callback does whenever tx may run. */
  Drive onTx(Runnable call) {
    tx = Optional.of(call);
    return this;
  }

  // -- inputs

  Drive input(Function<Lifecycle, Step> input) {
    inputs.add(input);
    if (!running) {
      running = true;
      while (!inputs.isEmpty()) {
        run(inputs.remove());
      }
      running = false;
    }
    return this;
  }

  Drive create() {
    return input(Lifecycle::create);
  }

  Drive connect() {
    return input(Lifecycle::connectRequested);
  }

  Drive disconnect() {
    return input(Lifecycle::disconnectRequested);
  }

  Drive requestTx() {
    return input(Lifecycle::txRequested);
  }

  Drive destroy() {
    return input(Lifecycle::destroyRequested);
  }

  Drive up() {
    return input(now -> now.linkUp(0));
  }

  Drive drop() {
    return input(now -> now.linkClosed(DROPPED, draw));
  }

  Drive fail() {
    return input(now -> now.linkFailed(REFUSED, draw));
  }

  Drive ack() {
    return input(now -> now.acked(Outcome.ACK, Lifecycle.NO_MESSAGE));
  }

  Drive nack() {
    return input(now -> now.acked(Outcome.NACK, Lifecycle.NO_MESSAGE));
  }

  Drive rx(String piece) {
    return rx(piece, StreamReturn.OK);
  }

  Drive rx(String piece, StreamReturn result) {
    log.add("rx(" + piece + ")");
    return input(now -> now.rxReturned(result, draw));
  }

  Drive tx(String piece) {
    log.add("tx#" + tries++ + "→" + piece);
    return this;
  }

  Drive served() {
    return input(Lifecycle::txServed);
  }

  Drive wake() {
    assertThat(retryMs).as("a scheduled retry").isNotNegative();
    retryMs = -1;
    return input(Lifecycle::retryDue);
  }

  Drive timerFires() {
    assertThat(timeoutMs).as("a running timer").isPositive();
    timeoutMs = -1;
    return input(Lifecycle::timeoutFired);
  }

  private void run(Function<Lifecycle, Step> input) {
    perform(input.apply(lifecycle));
    while (lifecycle.awaitsReturn()) {
      Deque<Runnable> calls = nested.getOrDefault(name(delivered), new ArrayDeque<>());
      if (!calls.isEmpty()) {
        calls.remove().run();
      }
      Deque<StreamReturn> results = answers.getOrDefault(name(delivered), new ArrayDeque<>());
      StreamReturn result = results.isEmpty() ? StreamReturn.OK : results.remove();
      perform(lifecycle.returned(result, draw));
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

  // -- effects

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
    if (!links.isEmpty()) {
      inputs.add(links.remove());
    }
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
    tx.ifPresent(Runnable::run);
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

  // -- what a user saw

  Lifecycle now() {
    return lifecycle;
  }

  StateEvent last() {
    return events.get(events.size() - 1);
  }

  List<StateEvent> events() {
    return events;
  }

  /** All that was seen since the last call, in the notation of the worked sequences. */
  String seen() {
    String seen = String.join(" ", log);
    log.clear();
    return seen;
  }

  Drive sees(String expected) {
    assertThat(seen()).isEqualTo(expected);
    return this;
  }

  private static String name(StateEvent event) {
    String name =
        event.state() == StreamState.USER ? Integer.toString(event.code()) : event.state().name();
    return event.ordinal() == 0 ? name : name + "(" + event.ordinal() + ")";
  }
}
