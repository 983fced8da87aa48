package io.securestreams.reactor;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.stream.Environment;
import io.securestreams.reactor.stream.PolicySwap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
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
  private final Sinks.Many<PolicyEvent> events = Sinks.many().replay().latest();

  /** Completes when the update that was asked for last is over. */
  private final AtomicReference<Mono<Void>> last = new AtomicReference<>(Mono.empty());

  private volatile List<Finding> findings;

  /**
   * Begins with a policy that is in force.
   *
   * @param environment the streams
   * @param parser reads policies
   * @param mode what becomes of changed connections
   * @param first how the policy came
   */
  PolicyUpdates(
      Environment environment, PolicyParser parser, SwapMode mode, PolicyEvent.Loaded first) {
    this.environment = environment;
    this.parser = parser;
    this.mode = mode;
    this.findings = first.findings();
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

  /** No events follow. */
  void close() {
    events.tryEmitComplete();
  }

  /**
   * Reads a policy and puts it in force, after all updates that were asked for before. Once begun,
   * it goes to its end even if nobody waits for it.
   *
   * @param input the policy
   */
  Mono<PolicyEvent.Swapped> update(PolicyInput input) {
    return inTurn(input.source(), () -> input.read(parser), mode);
  }

  /**
   * Lays an overlay upon the policy in force, as {@link #update} does; connections are left alone.
   *
   * @param overlay what to change
   */
  Mono<PolicyEvent.Swapped> overlay(PolicyInput.Overlay overlay) {
    return inTurn(
        overlay.source(),
        () -> overlay.laying().apply(parser, environment.policy().database()),
        SwapMode.KEEP);
  }

  private Mono<PolicyEvent.Swapped> inTurn(
      String source, Callable<PolicyParse> reading, SwapMode how) {
    return Mono.create(
        sink -> {
          Sinks.Empty<Void> over = Sinks.empty();
          Mono<Void> earlier = last.getAndSet(over.asMono());
          earlier
              .then(Mono.defer(() -> now(source, reading, how)))
              .doFinally(signal -> over.tryEmitEmpty())
              .subscribe(sink::success, sink::error);
        });
  }

  private Mono<PolicyEvent.Swapped> now(
      String source, Callable<PolicyParse> reading, SwapMode how) {
    return Mono.fromCallable(reading)
        .subscribeOn(Schedulers.boundedElastic())
        .doOnError(unreadable -> rejected(source, List.of(), unreadable))
        .flatMap(
            parse ->
                swap(source, parse, how)
                    .onErrorMap(LinkException.class, PolicyUpdates::unusable)
                    .doOnError(cause -> rejected(source, parse.findings(), cause)));
  }

  private Mono<PolicyEvent.Swapped> swap(String source, PolicyParse parse, SwapMode how) {
    return Mono.fromCallable(parse::orThrow)
        .map(database -> environment.policy().followedBy(database))
        .flatMap(next -> PolicySwap.run(environment, next, how))
        .map(disturbed -> new PolicyEvent.Swapped(source, parse.findings(), disturbed))
        .doOnNext(this::swapped);
  }

  private static PolicyException unusable(LinkException cause) {
    return new PolicyException("the policy cannot be put in force: " + cause.getMessage(), cause);
  }

  private void swapped(PolicyEvent.Swapped event) {
    findings = event.findings();
    LOGGER
        .atInfo()
        .addKeyValue("source", event.source())
        .addKeyValue("disturbed", event.disturbed())
        .log("A new policy is in force");
    warn(event.findings());
    events.tryEmitNext(event);
  }

  /** Tells operators what is weak in a policy that is in force. */
  static void warn(List<Finding> findings) {
    for (Finding finding : findings) {
      LOGGER.atWarn().addKeyValue("finding", finding).log("The policy has a weakness");
    }
  }

  private void rejected(String source, List<Finding> findings, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    findings.stream()
        .filter(Finding::isError)
        .forEach(
            finding -> LOGGER.atWarn().addKeyValue("finding", finding).log("Refused because of"));
    LOGGER
        .atWarn()
        .addKeyValue("source", source)
        .addKeyValue("reason", reason.lines().findFirst().orElse(""))
        .addKeyValue("findings", findings.size())
        .log("A new policy was refused; the one before stays in force");
    events.tryEmitNext(new PolicyEvent.Rejected(source, findings, reason));
  }
}
