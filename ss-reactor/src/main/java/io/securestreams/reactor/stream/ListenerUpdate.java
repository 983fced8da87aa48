package io.securestreams.reactor.stream;

import io.securestreams.core.error.PolicyException;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.Listener;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Keeps a bound listener in step with the policy. */
final class ListenerUpdate {

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private final ListenerStream stream;

  ListenerUpdate(ListenerStream stream) {
    this.stream = stream;
  }

  /** Makes ready what could fail when another policy comes; any thread. */
  Mono<PolicySwap.Prepared> prepare(PolicySnapshot next) {
    Listener open = stream.open();
    String name = stream.streamType();
    return open == null || next.refusal(name, stream.side()).isPresent()
        ? Mono.empty()
        : ListenerMove.prepare(stream, open, stream.profile(), next.server(name));
  }

  /** Becomes what the policy in force says. Inside the mailbox. */
  void follow(SwapMode mode) {
    PolicySnapshot policy = stream.environment().policy();
    String name = stream.streamType();
    Listener open = stream.open();
    if (open == null || mode.isKeeping()) {
      return;
    }
    Optional<PolicyException> refusal = policy.refusal(name, stream.side());
    if (refusal.isPresent()) {
      stream.withdraw(String.valueOf(refusal.get().getMessage()), mode);
      return;
    }
    // A listener that was bound in time has gone over already: this is for one that was not.
    ListenerMove.prepare(stream, open, stream.profile(), policy.server(name))
        .flatMap(move -> finish(move, policy, mode))
        .subscribe(nothing -> {}, this::couldNotFollow);
  }

  /** Unless the policy changed once more meanwhile: then that change is followed. */
  private Mono<Void> finish(PolicySwap.Prepared move, PolicySnapshot policy, SwapMode mode) {
    if (stream.environment().policy() != policy) {
      return move.rollBack();
    }
    move.commit(mode);
    return Mono.empty();
  }

  private void couldNotFollow(Throwable cause) {
    LOGGER
        .atError()
        .addKeyValue("streamType", stream.streamType())
        .setCause(cause)
        .log("A listener stays as it was, because it cannot be what the new policy says");
  }
}
