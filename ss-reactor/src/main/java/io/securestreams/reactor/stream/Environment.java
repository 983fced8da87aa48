package io.securestreams.reactor.stream;

import io.securestreams.core.error.LinkException;
import io.securestreams.core.lifecycle.LinkFailure;
import io.securestreams.core.plan.FormPart;
import io.securestreams.core.plan.MultipartForm;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.core.retry.Backoff;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.reactor.api.ReceivedMetadata;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerTransport;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What all streams of one context share: transports, time, chance and limits.
 *
 * <p>It knows every stream that was created and not released, so that closing ends them all.
 */
public final class Environment {

  private final ClientTransport clients;
  private final ServerTransport servers;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final int txCapacity;
  private final SystemBlobs blobs;
  private final ReceivedMetadata received;
  private final Runnable portalSeen;
  private final Set<Member> members = ConcurrentHashMap.newKeySet();
  private final SinkRegistry sinks = new SinkRegistry();
  private final SharedTexts texts = new SharedTexts();
  private volatile PolicySnapshot policy;
  private volatile boolean closing;

  /**
   * Creates the environment of one context.
   *
   * @param policy what may be opened
   * @param clients makes the links of client streams
   * @param servers opens listeners
   * @param scheduler runs backoff, timeout and validity timers
   * @param random draws jitter; must be safe from any thread
   * @param txCapacity most messages that a stream's tx sink holds
   * @param blobs tokens and identity
   * @param received what becomes of metadata that a response set
   * @param portalSeen called when a stream fails because of a captive portal; any thread
   */
  public Environment(
      PolicySnapshot policy,
      ClientTransport clients,
      ServerTransport servers,
      Scheduler scheduler,
      RandomGenerator random,
      int txCapacity,
      SystemBlobs blobs,
      ReceivedMetadata received,
      Runnable portalSeen) {
    this.policy = Objects.requireNonNull(policy, "policy");
    this.clients = Objects.requireNonNull(clients, "clients");
    this.servers = Objects.requireNonNull(servers, "servers");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    this.random = Objects.requireNonNull(random, "random");
    this.txCapacity = txCapacity;
    this.blobs = Objects.requireNonNull(blobs, "blobs");
    this.received = Objects.requireNonNull(received, "received");
    this.portalSeen = Objects.requireNonNull(portalSeen, "portalSeen");
  }

  /** Something that follows the policy, and ends when the context is closed. */
  interface Member {

    /** The name in the policy. */
    String streamType();

    /** What another policy would do to it; any thread. */
    SwapEffect effectOf(PolicySnapshot next);

    /** Makes ready what could fail when another policy comes; empty if there is nothing. */
    default Mono<PolicySwap.Prepared> prepare(PolicySnapshot next) {
      return Mono.empty();
    }

    /** Another policy is in force. */
    void policyChanged(SwapMode mode);

    /** Ends it at once. */
    void destroy();

    /** Ends it once what it has begun is done; completes then. */
    Mono<Void> drain();
  }

  /** The policy in force. */
  public PolicySnapshot policy() {
    return policy;
  }

  void policy(PolicySnapshot next) {
    policy = next;
  }

  /** The streams and listeners that were created and not released. */
  Set<Member> members() {
    return members;
  }

  ClientTransport clients() {
    return clients;
  }

  ServerTransport servers() {
    return servers;
  }

  SinkRegistry sinks() {
    return sinks;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** What a stream remembers of a failure of its transport. */
  LinkFailure why(LinkException cause) {
    String detail = Objects.requireNonNullElse(cause.getMessage(), "");
    return LinkFailure.of(cause.kind(), texts.share(detail));
  }

  /** A redirect was the sign of a captive portal. */
  void redirected() {
    portalSeen.run();
  }

  /** A number for the backoff's jitter. */
  int draw() {
    return random.nextInt(Backoff.DRAW_BOUND);
  }

  /** What stands around the parts of a body, with a boundary of its own. */
  MultipartForm form(List<FormPart> parts) {
    return MultipartForm.of(parts, random);
  }

  /** Tokens and identity. */
  public SystemBlobs blobs() {
    return blobs;
  }

  ReceivedMetadata received() {
    return received;
  }

  int txCapacity() {
    return txCapacity;
  }

  /** Adds a stream; false if the context is closing and nothing may start any more. */
  boolean join(Member member) {
    members.add(member);
    if (closing) {
      members.remove(member);
      return false;
    }
    return true;
  }

  void leave(Member member) {
    members.remove(member);
  }

  /** True once the context ends and its streams with it. */
  boolean isClosing() {
    return closing;
  }

  /** The number of streams that were created and not released. */
  public int size() {
    return members.size();
  }

  /** Ends every stream at once and lets no new one start. */
  public void close() {
    closing = true;
    members.forEach(Member::destroy);
  }

  /**
   * Lets no new stream start, waits until what was begun is done, then ends every stream.
   *
   * @param limit the longest wait
   * @return completes when all have ended; starts once subscribed
   */
  public Mono<Void> drain(Duration limit) {
    return Mono.defer(
        () -> {
          closing = true;
          return Flux.fromIterable(Set.copyOf(members))
              .flatMap(Member::drain, Integer.MAX_VALUE)
              .then()
              .timeout(limit, Mono.empty(), scheduler)
              .doFinally(signal -> close());
        });
  }
}
