package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.lifecycle.Phase;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.ServerLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A stream that has its link from the start and ends with it: it makes no attempts and never comes
 * back.
 *
 * <p>Here is what it does with a session, where either side sends when it likes; requests and
 * answers are in {@link ServedStream}.
 */
abstract class LinkedStream extends StreamFace {

  private final ServerLink link;

  /** What came before anybody subscribed; null afterwards. */
  @Nullable private List<LinkSignal> held = new ArrayList<>(2);

  /** The link takes messages; its peer may know that before the application does. */
  private volatile boolean open;

  /** The application knows that too. */
  private boolean session;

  private volatile boolean leaving;

  LinkedStream(Environment environment, StreamType type, Lifecycle lifecycle, ServerLink link) {
    super(environment, type, lifecycle);
    this.link = link;
    attach().link(link);
  }

  /** A signal that sessions do not have. */
  abstract void onRequestSignal(LinkSignal signal);

  /** The link, which it keeps for its whole life. */
  final ServerLink ownLink() {
    return link;
  }

  /** The peer's address, if it has one. */
  public final Optional<String> peer() {
    return link.peer();
  }

  /** True if what is put into its tx sink is a message to the peer, now or soon; any thread. */
  final boolean isOpen() {
    return open;
  }

  /** True while messages of its tx sink go out as they come, whatever is received. */
  @Override
  final boolean isSession() {
    return session;
  }

  // --- policy and ends ------------------------------------------------------------------------

  @Override
  public SwapEffect effectOf(PolicySnapshot next) {
    // Who accepted it speaks for it.
    return SwapEffect.NONE;
  }

  @Override
  public void policyChanged(SwapMode mode) {
    // Who accepted it ends it if that must be.
  }

  /** Ends the stream, after what it has begun if that is done in time. */
  final void part(SwapMode mode, LinkFailure why) {
    Duration limit = mode.drainLimit().orElse(Duration.ZERO);
    Mono<Void> done = limit.isZero() ? Mono.empty() : drain();
    done.timeout(limit, Mono.empty(), environment().scheduler())
        .subscribe(nothing -> {}, cause -> {}, () -> submit(() -> withdraw(why)));
  }

  /** Ends the stream once what it has begun is done, and says good-bye for good. */
  final Mono<Void> leave() {
    return Mono.defer(
        () -> {
          leaving = true;
          return drain();
        });
  }

  @Override
  final boolean goesAway() {
    return leaving || super.goesAway();
  }

  @Override
  final void openLink() {
    // It has its link from the start and never gets another.
  }

  @Override
  void onReleased() {
    open = false;
    session = false;
  }

  // --- signals --------------------------------------------------------------------------------

  @Override
  final void onBegun() {
    List<LinkSignal> before = held;
    held = null;
    if (before != null) {
      before.forEach(this::onLinkSignal);
    }
  }

  @Override
  final void announced(LinkSignal signal) {
    if (signal instanceof LinkSignal.Upgraded || signal instanceof LinkSignal.Up) {
      open = true;
    }
  }

  @Override
  final void onLinkSignal(LinkSignal signal) {
    if (held != null) {
      announced(signal);
      held.add(signal);
    } else if (signal instanceof LinkSignal.Frame frame) {
      deliverFrame(frame.payload(), frame.flags());
    } else if (signal instanceof LinkSignal.Written written) {
      pump().written(written.pieces());
    } else if (signal instanceof LinkSignal.Up up) {
      beginSession(up.metadata(), false);
      up();
      sessionBegun();
    } else if (signal == LinkSignal.Event.ALIVE) {
      LinkSlot slot = slot();
      if (slot != null) {
        slot.proof();
      }
    } else if (signal instanceof LinkSignal.Closed closed) {
      detach(closed::cause);
      step(lifecycle().linkClosed(LinkFailure.of(closed.cause()), 0));
    } else {
      onRequestSignal(signal);
    }
  }

  /** The link takes messages from now on. */
  final void beginSession(List<MetadataValue> metadata, boolean text) {
    open = true;
    receiveMetadata(metadata);
    if (text) {
      pump().readyForText(link);
    } else {
      pump().ready(link);
    }
  }

  /** The application knows of the session, and did not refuse it unless the stream is over. */
  void sessionBegun() {
    session = lifecycle().phase() == Phase.CONNECTED;
  }

  /** The first sign of life after the acceptance. */
  final void up() {
    if (lifecycle().phase() == Phase.ATTEMPT) {
      step(lifecycle().linkUp(0));
    }
  }

  // --- tx -------------------------------------------------------------------------------------

  @Override
  void pumpTx() {
    pumpSession();
  }

  @Override
  void txUnwritten(TxMessage message, Throwable cause) {
    queue().fail(message, StreamErrors.undelivered(streamType(), cause));
  }

  @Override
  void abandonTransaction(Supplier<? extends Throwable> cause) {
    // A session has none.
  }

  @Override
  boolean isIdle() {
    return queue().isDrained();
  }
}
