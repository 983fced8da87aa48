package io.securestreams.reactor;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.NearestName;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.retry.Backoff;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.PortalVerdict;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.retry.PolicyRetry;
import io.securestreams.reactor.stream.ClientStream;
import io.securestreams.reactor.stream.ListenerStream;
import io.securestreams.reactor.stream.PolicySnapshot;
import io.securestreams.reactor.stream.Reading;
import io.securestreams.reactor.stream.RefusedServer;
import io.securestreams.reactor.stream.RefusedStream;
import io.securestreams.reactor.stream.SinkListener;
import io.securestreams.reactor.stream.SourceStream;
import io.securestreams.reactor.system.PortalCheck;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The front door: opens streams and listeners by the name of their stream type.
 *
 * <p>Where a stream goes, over which protocol, whom it trusts and how it comes back is in the
 * policy, never in the application. One instance serves a whole application; it is safe from any
 * thread. Source: {@code lws_context}.
 *
 * <pre>{@code
 * SecureStreams streams = SecureStreams.builder().policy(Path.of("policy.json")).build();
 * Flux<Payload> feed = streams.receive("feed");
 * }</pre>
 */
public final class SecureStreams implements AutoCloseable, Disposable {

  private final Foundation foundation;
  private volatile boolean disposed;

  SecureStreams(Foundation foundation) {
    this.foundation = foundation;
  }

  /** Starts the configuration of an instance; only the policy is required. */
  public static SecureStreamsBuilder builder() {
    return new SecureStreamsBuilder();
  }

  // --- policy ---------------------------------------------------------------------------------

  /** The policy in force. */
  public PolicyDatabase policy() {
    return snapshot().database();
  }

  /** What was noticed in the policy in force: its warnings, in the order of the text. */
  public List<Finding> findings() {
    return foundation.updates().findings();
  }

  /**
   * What happens to the policy.
   *
   * <p><b>Shape</b>: hot, from the latest event on; any number of observers; never errors;
   * completes when this instance is closed. On the thread that puts policies in force, which may
   * block, but must not wait for another update.
   */
  public Flux<PolicyEvent> policyEvents() {
    return foundation.updates().events();
  }

  /**
   * Puts the policy of a file in force.
   *
   * @param file a JSON policy
   * @return as {@link #updatePolicy(PolicyDatabase)}; also an {@link java.io.UncheckedIOException}
   *     if the file cannot be read
   */
  public Mono<PolicyEvent.Swapped> updatePolicy(Path file) {
    return update(PolicyInput.of(file));
  }

  /**
   * Puts a policy in force.
   *
   * @param json a JSON policy
   * @return as {@link #updatePolicy(PolicyDatabase)}
   */
  public Mono<PolicyEvent.Swapped> updatePolicy(String json) {
    return update(PolicyInput.of(json));
  }

  /**
   * Puts a policy in force.
   *
   * @param input a JSON policy in UTF-8; it is not closed
   * @return as {@link #updatePolicy(PolicyDatabase)}
   */
  public Mono<PolicyEvent.Swapped> updatePolicy(InputStream input) {
    return update(PolicyInput.of(input));
  }

  /**
   * Puts a policy in force in place of the one before.
   *
   * <p>First everything is checked and made ready: the text, the authorities, the certificates, the
   * addresses of listeners that move. Only then is it swapped, at once for everybody. Streams whose
   * stream type did not change keep their connection; changed ones end what they have begun and
   * connect anew, as {@link SecureStreamsBuilder#swapMode} says, and those that wait for a retry
   * try at once; streams whose type is gone end with DESTROYING and the failure POLICY. Listeners
   * bind again only if their address changed; another certificate holds for the next connection.
   * Another port is bound before the old one is left. Another interface of the same port is bound
   * after it, so that clients are refused for a moment, also if it was in vain. Two listeners
   * cannot exchange their ports in one update.
   *
   * <p><b>Shape</b>: starts once subscribed, after updates that were asked for before; one element
   * when the policy is in force. Cancelling does not undo it.
   *
   * <p><b>Errors</b>: {@link PolicyException} with all findings, or with what cannot be used here;
   * the policy before stays in force then, and nothing was disturbed.
   *
   * @param database the policy
   */
  public Mono<PolicyEvent.Swapped> updatePolicy(PolicyDatabase database) {
    return update(PolicyInput.of(database));
  }

  Mono<PolicyEvent.Swapped> update(PolicyInput input) {
    return foundation.updates().update(input);
  }

  /**
   * Lays an overlay upon the policy in force.
   *
   * @param file a JSON overlay
   * @return as {@link #overlay(String)}; also an {@link java.io.UncheckedIOException} if the file
   *     cannot be read
   */
  public Mono<PolicyEvent.Swapped> overlay(Path file) {
    return foundation.updates().overlay(PolicyInput.Overlay.of(file));
  }

  /**
   * Lays an overlay upon the policy in force.
   *
   * @param input a JSON overlay in UTF-8; it is not closed
   * @return as {@link #overlay(String)}
   */
  public Mono<PolicyEvent.Swapped> overlay(InputStream input) {
    return foundation.updates().overlay(PolicyInput.Overlay.of(input));
  }

  /**
   * Changes selected settings of the policy in force: members that the overlay gives replace what
   * stream types have, the others stay.
   *
   * <p>It holds from the next connection on; connections and listeners that exist are not touched.
   * A policy that is put in force later takes the place of the overlaid one.
   *
   * <p><b>Shape</b>: as {@link #updatePolicy(PolicyDatabase)}.
   *
   * <p><b>Errors</b>: {@link PolicyException} with all findings; the policy in force is unchanged
   * then.
   *
   * <p>Source: {@code lws_ss_policy_overlay}.
   *
   * @param json a JSON overlay
   */
  public Mono<PolicyEvent.Swapped> overlay(String json) {
    return foundation.updates().overlay(PolicyInput.Overlay.of(json));
  }

  private PolicySnapshot snapshot() {
    return foundation.environment().policy();
  }

  /** The policy in force, which lets the stream type be used on that side. */
  private PolicySnapshot usable(String streamType, Side side) {
    PolicySnapshot policy = snapshot();
    Optional<PolicyException> refusal = policy.refusal(streamType, side);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return policy;
  }

  // --- streams --------------------------------------------------------------------------------

  /**
   * A stream of a client stream type, or one that joins a local sink; nothing happens before its
   * events are subscribed.
   *
   * @param streamType name in the policy's {@code s}
   * @return the stream; if the policy has no such type, or one that this version must not open, its
   *     {@link SecureStream#events()} is a {@link PolicyException}; if its sink is not there, or
   *     refuses, a {@link io.securestreams.reactor.api.StreamFailedException}
   */
  public SecureStream open(String streamType) {
    PolicySnapshot policy = snapshot();
    Optional<PolicyException> refusal = policy.refusal(streamType, Side.CLIENT);
    return refusal.isPresent()
        ? new RefusedStream(streamType, refusal.get())
        : opened(policy, streamType);
  }

  private SecureStream opened(PolicySnapshot policy, String streamType) {
    StreamType type = policy.type(streamType);
    return type.side() == Side.LOCAL_SINK
        ? SourceStream.of(foundation.environment(), type)
        : new ClientStream(foundation.environment(), policy, streamType);
  }

  /**
   * Creates a stream at once, whose events go to callbacks. Source: {@code lws_ss_create}.
   *
   * @param streamType name in the policy's {@code s}
   * @param handler the callbacks
   * @return the stream; CREATING was delivered when this returns
   * @throws PolicyException if the policy has no such stream type, or one that this version must
   *     not open
   * @throws io.securestreams.reactor.api.StreamFailedException if it joins a sink, and that is not
   *     there or refuses
   */
  public SecureStream open(String streamType, StreamHandler handler) {
    Objects.requireNonNull(handler, "handler");
    PolicySnapshot policy = usable(streamType, Side.CLIENT);
    StreamType type = policy.type(streamType);
    return type.side() == Side.LOCAL_SINK
        ? SourceStream.started(foundation.environment(), type, handler)
        : ClientStream.started(foundation.environment(), policy, streamType, handler);
  }

  /**
   * The events of a stream that is made anew for each subscription, so that {@code retry()} and
   * {@code repeat()} work.
   *
   * <p><b>Shape</b>: cold; each subscription is one stream, as {@link SecureStream#events()}.
   *
   * @param streamType name in the policy's {@code s}
   */
  public Flux<StreamEvent> events(String streamType) {
    return events(streamType, stream -> {});
  }

  /**
   * {@link #events(String)} with a look at each stream before it starts: to set metadata, ask for a
   * connection or keep its handle.
   *
   * @param streamType name in the policy's {@code s}
   * @param before called with each stream before its creation
   */
  public Flux<StreamEvent> events(String streamType, Consumer<SecureStream> before) {
    Objects.requireNonNull(before, "before");
    return Flux.defer(
        () -> {
          SecureStream stream = open(streamType);
          before.accept(stream);
          return stream.events();
        });
  }

  /**
   * What the peer sends.
   *
   * <p><b>Shape</b>: cold; each subscription opens a stream, connects, and destroys it at the end
   * or on cancel. Http: the pieces of one body, then completion. ws: whole messages, through
   * reconnects. Several subscribers share one stream by {@link Flux#share()}, or if late ones are
   * to see what came before, by {@code replay(n).refCount(1, grace)}. Without a grace period
   * Reactor 3.8 counts for ever a subscriber that cancels while it is given what was replayed, as
   * {@code next()} and {@code take(1)} do, and the stream stays open after the last one left. With
   * n above 1 it also asks for no more when a subscriber that was behind cancels: let those that
   * leave early use {@code share()}.
   *
   * <p><b>Errors</b>: {@link io.securestreams.reactor.api.StreamFailedException} when retries are
   * exhausted, the peer refuses, a body is cut off, or a message is larger than {@link
   * SecureStreamsBuilder#messageLimit}; {@link PolicyException} for a stream type that cannot be
   * opened.
   *
   * @param streamType name in the policy's {@code s}
   */
  public Flux<Payload> receive(String streamType) {
    return receive(streamType, stream -> {});
  }

  /**
   * {@link #receive(String)} with a look at each stream before it starts.
   *
   * @param streamType name in the policy's {@code s}
   * @param before called with each stream before its creation, for example to set metadata
   */
  public Flux<Payload> receive(String streamType, Consumer<SecureStream> before) {
    return reading(streamType, before.andThen(SecureStream::connect), Reading::pieces);
  }

  /**
   * One transaction without a body of ours.
   *
   * @param streamType name in the policy's {@code s}
   * @return as {@link #exchange(String, Payload, Consumer)}
   */
  public Mono<Payload> exchange(String streamType) {
    return exchange(streamType, stream -> {});
  }

  /**
   * One transaction without a body of ours.
   *
   * @param streamType name in the policy's {@code s}
   * @param before called with each stream before its creation, for example to set metadata
   * @return as {@link #exchange(String, Payload, Consumer)}
   */
  public Mono<Payload> exchange(String streamType, Consumer<SecureStream> before) {
    return reading(streamType, before.andThen(SecureStream::connect), Reading::whole).next();
  }

  /**
   * Sends a message and gathers the reply.
   *
   * @param streamType name in the policy's {@code s}
   * @param message the message
   * @return as {@link #exchange(String, Payload, Consumer)}
   */
  public Mono<Payload> exchange(String streamType, Payload message) {
    return exchange(streamType, message, stream -> {});
  }

  /**
   * Sends a message and gathers the reply: the body of an http response, or the next message of a
   * session.
   *
   * <p><b>Shape</b>: cold; each subscription opens a stream and destroys it afterwards. One
   * element, maybe an empty payload.
   *
   * <p><b>Errors</b>: {@link io.securestreams.reactor.api.StreamFailedException} when retries are
   * exhausted, the peer refuses, or the reply is larger than {@link
   * SecureStreamsBuilder#messageLimit}; {@link PolicyException} for a stream type that cannot be
   * opened.
   *
   * @param streamType name in the policy's {@code s}
   * @param message the message
   * @param before called with each stream before its creation, for example to set metadata
   */
  public Mono<Payload> exchange(String streamType, Payload message, Consumer<SecureStream> before) {
    Objects.requireNonNull(message, "message");
    Consumer<SecureStream> sending =
        before.andThen(
            stream -> {
              stream.tx().tryEmitNext(message);
              if (message.isEmpty()) {
                stream.connect();
              }
            });
    return reading(streamType, sending, Reading::whole).next();
  }

  /** Chooses what the convenience forms make of a stream's events. */
  private interface ReadingFactory {

    Reading create(StreamType type, long limit);
  }

  private Flux<Payload> reading(
      String streamType, Consumer<SecureStream> before, ReadingFactory factory) {
    return Flux.defer(
        () -> {
          PolicySnapshot policy = usable(streamType, Side.CLIENT);
          Reading reading = factory.create(policy.type(streamType), foundation.messageLimit());
          return events(streamType, before).handle(reading::read);
        });
  }

  // --- servers --------------------------------------------------------------------------------

  /**
   * A listener of a server stream type; it binds when its accepted streams are subscribed.
   *
   * @param streamType name in the policy's {@code s}
   * @return the listener; if it cannot be, its {@link StreamServer#accepted()} is a {@link
   *     PolicyException}
   */
  public StreamServer serve(String streamType) {
    PolicySnapshot policy = snapshot();
    Optional<PolicyException> refusal = policy.refusal(streamType, Side.SERVER);
    return refusal.isPresent()
        ? new RefusedServer(streamType, refusal.get())
        : new ListenerStream(foundation.environment(), policy, streamType);
  }

  /**
   * A listener that binds at once and whose accepted streams go to callbacks.
   *
   * @param streamType name in the policy's {@code s}
   * @param handler the callbacks, shared by all accepted streams
   * @throws PolicyException if the policy has no such stream type, or it is no server, or this
   *     version must not open it
   */
  public StreamServer serve(String streamType, StreamHandler handler) {
    Objects.requireNonNull(handler, "handler");
    PolicySnapshot policy = usable(streamType, Side.SERVER);
    return ListenerStream.started(foundation.environment(), policy, streamType, handler);
  }

  /**
   * The sink of a stream type with {@code "local_sink": true}: streams of that type which are
   * opened in this instance are joined to it instead of a network. It is registered when its
   * accepted streams are subscribed, each of which is the sink's side of a joined pair. What one
   * side sends the other receives, with the same flags, on a turn of the {@link
   * SecureStreamsBuilder#scheduler}; the end of one side is the end of the other.
   *
   * <p>{@link StreamServer#states()} has SINK_JOIN and SINK_PART, whose ordinal is how many others
   * are joined. Source: {@code LWSSSINFLAGS_REGISTER_SINK}.
   *
   * @param streamType name in the policy's {@code s}
   * @return the sink; if it cannot be, or there is one, its {@link StreamServer#accepted()} is the
   *     error
   */
  public StreamServer sink(String streamType) {
    PolicySnapshot policy = snapshot();
    Optional<PolicyException> refusal = policy.refusal(streamType, Side.LOCAL_SINK);
    return refusal.isPresent()
        ? new RefusedServer(streamType, refusal.get())
        : new SinkListener(foundation.environment(), policy, streamType);
  }

  /**
   * {@link #sink(String)} whose sides of joined pairs go to callbacks, registered at once.
   *
   * <p>Before a pair is made the state callback has SINK_JOIN with the handle of the source, on the
   * thread that opens it; any answer but OK refuses the source, whose creation fails. When the pair
   * has ended it has SINK_PART, with that handle again.
   *
   * @param streamType name in the policy's {@code s}
   * @param handler the callbacks, shared by all pairs
   * @throws PolicyException if the policy has no such stream type, or it is no local sink
   * @throws IllegalStateException if a sink of that type is registered
   */
  public StreamServer sink(String streamType, StreamHandler handler) {
    Objects.requireNonNull(handler, "handler");
    PolicySnapshot policy = usable(streamType, Side.LOCAL_SINK);
    return SinkListener.started(foundation.environment(), policy, streamType, handler);
  }

  // --- retry ----------------------------------------------------------------------------------

  /**
   * A retry scheme of the policy for any other {@code Flux} or {@code Mono}; it takes the same
   * decisions as a stream.
   *
   * @param scheme name in the policy's {@code retry}
   * @throws PolicyException if the policy has no such scheme
   */
  public Retry retry(String scheme) {
    RetryScheme found =
        policy()
            .retryScheme(scheme)
            .orElseThrow(
                () ->
                    new PolicyException(
                        "the policy has no retry scheme '"
                            + scheme
                            + "'"
                            + NearestName.hintOrAll(scheme, policy().retrySchemes().keySet())));
    return PolicyRetry.of(
        found, () -> foundation.random().nextInt(Backoff.DRAW_BOUND), foundation.scheduler());
  }

  // --- captive portal -------------------------------------------------------------------------

  /**
   * Asks with the stream type {@code captive_portal_detect} whether the internet can be reached.
   *
   * <p>Its expected answer means that it can; a redirect, if the type has {@code
   * http_fail_redirect}, that a captive portal is in the way; everything else, and no answer within
   * 3 s, that it cannot. A type without {@code retry} asks once.
   *
   * <p><b>Shape</b>: starts once subscribed, and joins the check that is under way. It begins with
   * UNKNOWN, and goes to its end even if nobody waits for it. One element, or empty if this
   * instance is closed meanwhile.
   *
   * <p><b>Errors</b>: {@link PolicyException} if the policy has no such stream type; the verdict is
   * UNKNOWN then.
   *
   * <p>Source: {@code lws_system_cpd_start}.
   */
  public Mono<PortalVerdict> checkPortal() {
    return foundation.portal().check(events(PortalCheck.STREAM_TYPE, SecureStream::connect));
  }

  /**
   * What is known of a captive portal: UNKNOWN first, then the verdict of each check. While nothing
   * is known, a redirect that any stream type with {@code http_fail_redirect} meets counts too.
   *
   * <p><b>Shape</b>: hot, from the latest verdict on; any number of observers; never errors;
   * completes when this instance is closed. On the thread of the stream that met it, or of who asks
   * for a check.
   */
  public Flux<PortalVerdict> portal() {
    return foundation.portal().verdicts();
  }

  // --- end ------------------------------------------------------------------------------------

  /** The number of streams that were created and are not over. */
  public int openStreams() {
    return foundation.environment().size();
  }

  /** Ends every stream and listener at once, without waiting; closing twice is harmless. */
  @Override
  public void close() {
    disposed = true;
    foundation.close();
  }

  /** As {@link #close()}. */
  @Override
  public void dispose() {
    close();
  }

  @Override
  public boolean isDisposed() {
    return disposed;
  }

  /**
   * Ends everything in order: stops accepting and opening, lets queued messages go out and running
   * transactions end, then closes.
   *
   * <p><b>Shape</b>: starts once subscribed; completes when all is closed, or when the limit has
   * passed and the rest was cut off.
   *
   * @param limit the longest wait
   */
  public Mono<Void> closeGracefully(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return foundation.environment().drain(limit).then(Mono.fromRunnable(this::close));
  }
}
