package io.securestreams.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.BugException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import io.securestreams.core.lifecycle.LifecycleProfile.Trait;
import io.securestreams.core.retry.Backoff;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every order of inputs and every answer. */
class LifecyclePropertyTest {

  private static final int SEQUENCES = 4000;
  private static final int INPUTS = 60;

  /** Every input once, in all its variants. */
  static List<Function<Lifecycle, Step>> everyInput() {
    LinkFailure sent = Drive.REFUSED.withoutResend();
    return List.of(
        Lifecycle::create,
        Lifecycle::connectRequested,
        Lifecycle::disconnectRequested,
        Lifecycle::txRequested,
        Lifecycle::txServed,
        now -> now.linkUp(0),
        now -> now.linkUp(1200),
        now -> now.authRefused(Drive.UNAUTHORIZED, 1),
        now -> now.linkFailed(Drive.REFUSED, 65535),
        now -> now.linkFailed(sent, 3),
        now -> now.linkClosed(Drive.DROPPED, 4),
        now -> now.acked(Outcome.ACK, 5),
        now -> now.acked(Outcome.NACK, Lifecycle.NO_MESSAGE),
        Lifecycle::retryDue,
        now -> now.timeoutStarted(0),
        Lifecycle::timeoutCancelled,
        Lifecycle::timeoutFired,
        now -> now.rxReturned(StreamReturn.DISCONNECT_ME, 6),
        now -> now.txReturned(StreamReturn.DISCONNECT_ME, 7),
        Lifecycle::transaction,
        Lifecycle::transactionDone,
        Lifecycle::upgraded,
        now -> now.moved(Drive.REPLACED),
        now -> now.policyChanged(Drive.profile(Role.CLIENT, Drive.R0, Trait.NAILED_UP)),
        now -> now.policyChanged(Drive.profile(Role.CLIENT, Drive.R2, Trait.TRANSACTIONAL)),
        now -> now.rxReturned(StreamReturn.OK, 8));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Role.class)
  void everyStreamKeepsTheRules(Role role) {
    long base = System.nanoTime();
    EnumSet<StreamState> reached = EnumSet.noneOf(StreamState.class);
    for (int i = 0; i < SEQUENCES; i++) {
      new Run(role, base + i, reached).play();
    }
    assertThat(reached).as("states reached from seed %d", base).containsAll(expected(role));
  }

  private static EnumSet<StreamState> expected(Role role) {
    return switch (role) {
      case LISTENER ->
          EnumSet.of(StreamState.CREATING, StreamState.TIMEOUT, StreamState.DESTROYING);
      case ACCEPTED ->
          EnumSet.of(
              StreamState.CREATING,
              StreamState.CONNECTING,
              StreamState.CONNECTED,
              StreamState.SERVER_TXN,
              StreamState.SERVER_UPGRADE,
              StreamState.TIMEOUT,
              StreamState.DISCONNECTED,
              StreamState.DESTROYING);
      case CLIENT ->
          EnumSet.of(
              StreamState.CREATING,
              StreamState.POLL,
              StreamState.CONNECTING,
              StreamState.USER,
              StreamState.CONNECTED,
              StreamState.UNREACHABLE,
              StreamState.AUTH_FAILED,
              StreamState.ALL_RETRIES_FAILED,
              StreamState.QOS_ACK_REMOTE,
              StreamState.QOS_NACK_REMOTE,
              StreamState.TIMEOUT,
              StreamState.DISCONNECTED,
              StreamState.DESTROYING);
    };
  }

  /** One stream under random inputs; a model of its effects beside it. */
  private static final class Run implements Effect.Performer {

    private final long seed;
    private final Random random;
    private final EnumSet<StreamState> reached;
    private final List<String> trace = new ArrayList<>();
    private final boolean serves;
    private Lifecycle lifecycle;
    private RecordedState checked = RecordedState.NONE;
    private boolean dangling;
    private boolean link;
    private boolean retry;
    private boolean timer;
    private boolean destroying;
    private int released;

    Run(Role role, long seed, EnumSet<StreamState> reached) {
      this.seed = seed;
      this.random = new Random(seed);
      this.reached = reached;
      EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
      for (Trait trait : Trait.values()) {
        if (random.nextBoolean()) {
          traits.add(trait);
        }
      }
      Backoff[] backoffs = {Drive.NO_SCHEME, Drive.R0, Drive.R2, Drive.backoff(65535)};
      LifecycleProfile profile =
          new LifecycleProfile(role, traits, backoffs[random.nextInt(4)], 300);
      serves = role != Role.CLIENT;
      link = serves;
      lifecycle =
          switch (role) {
            case CLIENT -> Lifecycle.client(profile);
            case LISTENER -> Lifecycle.listener(profile);
            case ACCEPTED -> Lifecycle.accepted(profile);
          };
    }

    void play() {
      try {
        List<Function<Lifecycle, Step>> inputs = everyInput();
        step("create", Lifecycle::create);
        for (int i = 0; i < INPUTS; i++) {
          int choice = random.nextInt(inputs.size());
          step("input " + choice, inputs.get(choice));
        }
        step("destroy", Lifecycle::destroyRequested);
        for (int choice = 0; choice < inputs.size(); choice++) {
          step("late " + choice, inputs.get(choice));
        }
        assertThat(released).as("releases").isEqualTo(1);
        assertThat(link || retry || timer || dangling).as("left over").isFalse();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("seed " + seed + ": " + trace, failure);
      }
    }

    private void step(String name, Function<Lifecycle, Step> input) {
      trace.add(name);
      // The link reports its end, and timers fire, by themselves: the model follows.
      Step step = input.apply(lifecycle);
      boolean lost = !name.startsWith("late") && endsLink(name);
      perform(step, lost);
      while (lifecycle.awaitsReturn()) {
        StreamReturn result = answer();
        trace.add("=" + result);
        perform(lifecycle.returned(result, random.nextInt(65536)), false);
      }
      assertThat(lifecycle.phase() == Phase.CONNECTED).as("dangling").isEqualTo(dangling);
      assertThat(lifecycle.phase() == Phase.WAIT).as("retry").isEqualTo(retry);
      assertThat(lifecycle.timerRuns()).as("timer").isEqualTo(timer);
    }

    private StreamReturn answer() {
      int dice = random.nextInt(100);
      if (dice < 80) {
        return StreamReturn.OK;
      }
      return dice < 97 ? StreamReturn.DISCONNECT_ME : StreamReturn.values()[random.nextInt(5)];
    }

    private boolean endsLink(String name) {
      return name.equals("input 8") || name.equals("input 9") || name.equals("input 10");
    }

    private void perform(Step step, boolean lost) {
      if (lost && lifecycle.phase() != Phase.NEW && lifecycle.profile().role() != Role.LISTENER) {
        link = false;
      }
      if (lifecycle.phase() == Phase.WAIT && step.next().phase() != Phase.WAIT) {
        retry = step.effects().contains(Effect.Bare.CANCEL_RETRY);
      }
      if (lifecycle.timerRuns()
          && !step.next().timerRuns()
          && !step.effects().contains(Effect.Bare.CANCEL_TIMEOUT)) {
        assertThat(step.next().recorded().state()).contains(StreamState.TIMEOUT);
        timer = false;
      }
      lifecycle = step.next();
      int last = step.effects().size() - 1;
      for (int i = 0; i <= last; i++) {
        assertThat(step.effects().get(i) instanceof Effect.Emit).isEqualTo(i == last && emits());
        step.effects().get(i).performOn(this);
      }
      assertThat(last >= 0 || !emits()).isTrue();
    }

    private boolean emits() {
      return lifecycle.awaitsReturn();
    }

    @Override
    public void emit(StateEvent event) {
      StreamState state = event.state();
      trace.add(event.toString());
      reached.add(state);
      assertThat(released).as("after release").isZero();
      assertThat(destroying).as("after DESTROYING").isFalse();
      assertThat(checked.accepts(state)).as("%s -> %s", checked, state).isTrue();
      checked = checked.after(state);
      if (state == StreamState.CONNECTED) {
        assertThat(link).as("a link to be connected by").isTrue();
        dangling = true;
      }
      if (state == StreamState.DISCONNECTED) {
        dangling = false;
        assertThat(link).as("a link after DISCONNECTED").isFalse();
      }
      if (state == StreamState.DESTROYING) {
        destroying = true;
        assertThat(dangling).isFalse();
      }
    }

    @Override
    public void openLink() {
      trace.add("open");
      assertThat(link).as("one link at a time").isFalse();
      assertThat(retry).isFalse();
      link = true;
    }

    @Override
    public void closeLink() {
      trace.add("close");
      link = false;
    }

    @Override
    public void scheduleRetry(long delayMs) {
      trace.add("retry in " + delayMs);
      assertThat(retry).isFalse();
      assertThat(link).isFalse();
      assertThat(delayMs).isBetween(200L, 3899L);
      retry = true;
    }

    @Override
    public void cancelRetry() {
      assertThat(retry).isTrue();
      retry = false;
    }

    @Override
    public void armTimeout(long ms) {
      timer = true;
    }

    @Override
    public void cancelTimeout() {
      assertThat(timer).isTrue();
      timer = false;
    }

    @Override
    public void serveTx() {
      assertThat(link).as("a link to send on").isTrue();
    }

    @Override
    public void release() {
      assertThat(destroying).isTrue();
      released++;
    }

    @Override
    public void violation(BugException bug) {
      throw bug;
    }
  }
}
