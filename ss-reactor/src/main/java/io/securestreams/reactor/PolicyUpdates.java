package io.securestreams.reactor;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.stream.Environment;
import io.securestreams.reactor.stream.PolicySwap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Puts policies in force, one after the other, and tells how that went. Safe from any thread. */
final class PolicyUpdates {

  private static final Logger LOGGER = LoggerFactory.getLogger(SecureStreams.class);

  private final Environment environment;
  private final PolicyParser parser;
  private final SwapMode mode;
  private final Function<PolicyDatabase, List<String>> platform;
  private final Sinks.Many<PolicyEvent> events = Sinks.many().replay().latest();

  /** Completes when the update that was asked for last is over. */
  private Mono<Void> last = Mono.empty();

  private volatile List<Finding> findings;

  /**
   * Begins with a policy that is in force.
   *
   * @param environment the streams
   * @param parser reads policies
   * @param mode what becomes of changed connections
   * @param platform tells what of a policy this process cannot do
   * @param first how the policy came
   */
  PolicyUpdates(
      Environment environment,
      PolicyParser parser,
      SwapMode mode,
      Function<PolicyDatabase, List<String>> platform,
      PolicyEvent.Loaded first) {
    this.environment = environment;
    this.parser = parser;
    this.mode = mode;
    this.platform = platform;
    this.findings = first.findings();
    warn(environment.policy().database());
    warn(findings);
    events.tryEmitNext(first);
  }

  /** What was noticed in the policy in force. */
  List<Finding> findings() {
    return findings;
  }

  /** The events from the latest on. */
  Flux<PolicyEvent> events() {
    return events.asFlux();
  }

  /** No events follow those of updates that have begun. */
  void close() {
    last().subscribe(nothing -> {}, never -> {}, events::tryEmitComplete);
  }

  /**
   * Reads a policy and puts it in force, after all updates that were asked for before. Once begun,
   * it goes to its end even if nobody waits for it.
   *
   * @param input the policy
   */
  Mono<PolicyEvent.Swapped> update(PolicyInput input) {
    return inTurn(new Turn(input.source(), () -> input.read(parser), mode, false));
  }

  /**
   * Lays an overlay upon the policy in force, as {@link #update} does; connections are left alone.
   *
   * @param overlay what to change
   */
  Mono<PolicyEvent.Swapped> overlay(PolicyInput.Overlay overlay) {
    return inTurn(
        new Turn(
            overlay.source(),
            () -> overlay.laying().apply(parser, environment.policy().database()),
            SwapMode.KEEP,
            true));
  }

  /**
   * One update.
   *
   * @param source label for events
   * @param reading gives the policy; may block
   * @param how what becomes of changed connections
   * @param overlay the policy in force shines through, with what was noticed in it
   */
  private record Turn(
      String source, Callable<PolicyParse> reading, SwapMode how, boolean overlay) {}

  private Mono<PolicyEvent.Swapped> inTurn(Turn turn) {
    return Mono.create(
        sink -> {
          Sinks.Empty<Void> over = Sinks.empty();
          Mono<Void> earlier = enqueue(over.asMono());
          // The turn is over before its result is told: who hears of it may ask for the next one.
          earlier
              .then(Mono.defer(() -> now(turn)))
              .doOnTerminate(over::tryEmitEmpty)
              .subscribe(sink::success, sink::error);
        });
  }

  private Mono<PolicyEvent.Swapped> now(Turn turn) {
    return Mono.fromCallable(turn.reading())
        .subscribeOn(Schedulers.boundedElastic())
        .doOnError(unreadable -> rejected(turn.source(), List.of(), unreadable))
        .flatMap(
            parse ->
                swap(turn, parse)
                    .onErrorMap(LinkException.class, PolicyUpdates::unusable)
                    .doOnError(cause -> rejected(turn.source(), parse.findings(), cause)));
  }

  private Mono<PolicyEvent.Swapped> swap(Turn turn, PolicyParse parse) {
    return Mono.fromCallable(parse::orThrow)
        .map(database -> environment.policy().followedBy(database))
        .flatMap(next -> PolicySwap.run(environment, next, turn.how()))
        .map(disturbed -> new PolicyEvent.Swapped(turn.source(), parse.findings(), disturbed))
        .doOnNext(event -> swapped(event, turn.overlay()));
  }

  private synchronized Mono<Void> last() {
    return last;
  }

  /** Takes the last place; gives the end of the turn before. */
  private synchronized Mono<Void> enqueue(Mono<Void> end) {
    Mono<Void> earlier = last;
    last = end;
    return earlier;
  }

  private static PolicyException unusable(LinkException cause) {
    return new PolicyException("the policy cannot be put in force: " + cause.getMessage(), cause);
  }

  private void swapped(PolicyEvent.Swapped event, boolean overlay) {
    List<Finding> noticed = new ArrayList<>(overlay ? findings : List.of());
    noticed.addAll(event.findings());
    findings = List.copyOf(noticed);
    LOGGER
        .atInfo()
        .addKeyValue("source", event.source())
        .addKeyValue("disturbed", event.disturbed())
        .log("A new policy is in force");
    warn(environment.policy().database());
    warn(event.findings());
    events.tryEmitNext(event);
  }

  private void warn(PolicyDatabase policy) {
    for (String lack : platform.apply(policy)) {
      LOGGER.atWarn().addKeyValue("lack", lack).log("Missing for the policy");
    }
  }

  private static void warn(List<Finding> findings) {
    for (Finding finding : findings) {
      LOGGER.atWarn().addKeyValue("finding", finding).log("Noticed in the policy");
    }
  }

  private void rejected(String source, List<Finding> findings, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    List<Finding> errors = findings.stream().filter(Finding::isError).toList();
    LOGGER
        .atWarn()
        .addKeyValue("source", source)
        .addKeyValue("reason", errors.isEmpty() ? reason : errors.size() + " errors")
        .log("A new policy was refused; the one before stays in force");
    for (Finding error : errors) {
      LOGGER.atWarn().addKeyValue("finding", error).log("Refused because of it");
    }
    events.tryEmitNext(new PolicyEvent.Rejected(source, findings, reason));
  }
}
