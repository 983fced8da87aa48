package io.securestreams.reactor;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.api.ReceivedMetadata;
import io.securestreams.reactor.api.SwapMode;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.stream.Environment;
import io.securestreams.reactor.stream.PolicySnapshot;
import io.securestreams.reactor.system.PortalCheck;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * Configures a {@link SecureStreams}; only the policy is required. Not safe for several threads.
 */
public final class SecureStreamsBuilder {

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);
  private static final int TX_CAPACITY = 256;
  private static final long MESSAGE_LIMIT = 1024 * 1024;

  @Nullable private PolicyInput policy;
  private final List<PolicyInput.Overlay> overlays = new ArrayList<>();
  @Nullable private PolicyWatch watch;
  private PolicyParser parser = PolicyParser.lenient();
  private SwapMode swapMode = SwapMode.drain(DRAIN_LIMIT);
  @Nullable private Scheduler scheduler;
  private Clock clock = Clock.systemUTC();
  private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
  private int txCapacity = TX_CAPACITY;
  private long messageLimit = MESSAGE_LIMIT;
  private SystemBlobs blobs = new SystemBlobs();
  private final NetworkOptions network = new NetworkOptions();
  private ReceivedMetadata receivedMetadata = ReceivedMetadata.KEPT;

  SecureStreamsBuilder() {}

  /**
   * Reads the policy from a file, when the instance is built.
   *
   * @param file a JSON policy
   * @return this
   */
  public SecureStreamsBuilder policy(Path file) {
    return policy(PolicyInput.of(file), null);
  }

  /**
   * Takes the policy as text.
   *
   * @param json a JSON policy
   * @return this
   */
  public SecureStreamsBuilder policy(String json) {
    return policy(PolicyInput.of(json), null);
  }

  /**
   * Reads the policy from a stream when the instance is built; it is not closed.
   *
   * @param input a JSON policy in UTF-8
   * @return this
   */
  public SecureStreamsBuilder policy(InputStream input) {
    return policy(PolicyInput.of(input), null);
  }

  /**
   * Takes a policy that was read before.
   *
   * @param database the policy
   * @return this
   */
  public SecureStreamsBuilder policy(PolicyDatabase database) {
    return policy(PolicyInput.of(database), null);
  }

  /**
   * Reads the policy from a file, and again whenever the file changes.
   *
   * @param file a JSON policy
   * @return this
   */
  public SecureStreamsBuilder policy(PolicyWatch file) {
    return policy(PolicyInput.of(file.file()), file);
  }

  /**
   * Lays an overlay upon the policy before it is used, and again whenever a watched policy file has
   * changed. Several are applied in the order of the calls.
   *
   * @param file a JSON overlay; it is not watched itself
   * @return this
   */
  public SecureStreamsBuilder overlay(Path file) {
    overlays.add(PolicyInput.Overlay.of(file));
    return this;
  }

  /**
   * Lays an overlay upon the policy, as {@link #overlay(Path)}.
   *
   * @param json a JSON overlay
   * @return this
   */
  public SecureStreamsBuilder overlay(String json) {
    overlays.add(PolicyInput.Overlay.of(json));
    return this;
  }

  private SecureStreamsBuilder policy(PolicyInput input, @Nullable PolicyWatch watched) {
    policy = input;
    watch = watched;
    return this;
  }

  /**
   * Sets how strictly policies are read, the first and all that replace it.
   *
   * @param value default {@link PolicyParser#lenient()}
   * @return this
   */
  public SecureStreamsBuilder policyParser(PolicyParser value) {
    parser = Objects.requireNonNull(value, "parser");
    return this;
  }

  /**
   * Sets what becomes of connections whose stream type is changed by a new policy.
   *
   * @param value default {@link SwapMode#drain} of 10 s
   * @return this
   */
  public SecureStreamsBuilder swapMode(SwapMode value) {
    swapMode = Objects.requireNonNull(value, "mode");
    return this;
  }

  /**
   * Sets time limits and sizes of the network transports.
   *
   * @param value default {@link TransportSettings#DEFAULTS}
   * @return this
   */
  public SecureStreamsBuilder settings(TransportSettings value) {
    network.settings(value);
    return this;
  }

  /**
   * Switches compression of WebSockets on or off (per-message deflate, RFC 7692): clients offer it,
   * and listeners accept it.
   *
   * @param value default as in the settings, which is false as in the reference
   * @return this
   */
  public SecureStreamsBuilder webSocketCompression(boolean value) {
    network.webSocketCompression(value);
    return this;
  }

  /**
   * Sets what listeners bear from their clients.
   *
   * @param value default as in the settings, which is {@link ServerLimits#DEFAULTS}
   * @return this
   */
  public SecureStreamsBuilder serverLimits(ServerLimits value) {
    network.serverLimits(value);
    return this;
  }

  /**
   * Sets what runs backoff, timeout and validity timers.
   *
   * @param value default {@code Schedulers.parallel()}; a {@code VirtualTimeScheduler} works with
   *     the local transport
   * @return this
   */
  public SecureStreamsBuilder scheduler(Scheduler value) {
    scheduler = Objects.requireNonNull(value, "scheduler");
    return this;
  }

  /**
   * Sets what tells the time, for Retry-After dates.
   *
   * @param value default the system's clock
   * @return this
   */
  public SecureStreamsBuilder clock(Clock value) {
    clock = Objects.requireNonNull(value, "clock");
    return this;
  }

  /**
   * Sets what draws jitter: one number for each failure that leads to a backoff.
   *
   * @param value must be safe from any thread, as {@code java.util.Random} is
   * @return this
   */
  public SecureStreamsBuilder random(RandomGenerator value) {
    random = Objects.requireNonNull(value, "random");
    return this;
  }

  /**
   * Sets how many messages the tx sink of a stream holds, those at the transport included.
   *
   * @param messages 1 or more; default 256
   * @return this
   */
  public SecureStreamsBuilder txCapacity(int messages) {
    if (messages < 1) {
      throw new IllegalArgumentException("a tx sink must hold at least 1 message, not " + messages);
    }
    txCapacity = messages;
    return this;
  }

  /**
   * Sets the most bytes of a message that {@code receive} and {@code exchange} gather.
   *
   * @param bytes 1 or more; default 1 MiB
   * @return this
   */
  public SecureStreamsBuilder messageLimit(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a message limit must be at least 1 byte, not " + bytes);
    }
    messageLimit = bytes;
    return this;
  }

  /**
   * Sets the store of tokens, certificates and identity; what is put into it later counts too.
   *
   * @param store default an empty one
   * @return this
   */
  public SecureStreamsBuilder blobs(SystemBlobs store) {
    blobs = Objects.requireNonNull(store, "store");
    return this;
  }

  /**
   * Sets whether a policy may name files as endpoints: every file that this process can read.
   *
   * @param permitted default false, because policies may come from elsewhere
   * @return this
   */
  public SecureStreamsBuilder fileEndpoints(boolean permitted) {
    network.fileEndpoints(permitted);
    return this;
  }

  /**
   * Sets what encrypts the connections of clients.
   *
   * @param engine default {@link TlsEngine#NATIVE_IF_PRESENT}
   * @return this
   */
  public SecureStreamsBuilder tlsEngine(TlsEngine engine) {
    network.tlsEngine(engine);
    return this;
  }

  /**
   * Sets what becomes of metadata that a response set when the next request begins.
   *
   * @param value default {@link ReceivedMetadata#KEPT}, as in the reference
   * @return this
   */
  public SecureStreamsBuilder receivedMetadata(ReceivedMetadata value) {
    receivedMetadata = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Sets the event loops of the network transports.
   *
   * @param loops default Reactor Netty's own, shared by all that use them; disposed of by their
   *     owner
   * @return this
   */
  public SecureStreamsBuilder eventLoops(LoopResources loops) {
    network.loops(loops);
    return this;
  }

  /**
   * Connects streams inside this process only, without sockets and TLS: for tests.
   *
   * @param transport the transport of clients and servers
   * @return this
   */
  public SecureStreamsBuilder transport(LocalTransport transport) {
    return transport((ClientTransport) transport).transport((ServerTransport) transport);
  }

  /**
   * Replaces the transport of client streams.
   *
   * @param transport makes their links; closed by its owner
   * @return this
   */
  public SecureStreamsBuilder transport(ClientTransport transport) {
    network.clients(transport);
    return this;
  }

  /**
   * Replaces the transport of listeners.
   *
   * @param transport opens them; closed by its owner
   * @return this
   */
  public SecureStreamsBuilder transport(ServerTransport transport) {
    network.servers(transport);
    return this;
  }

  /**
   * Makes the instance; no connection is made.
   *
   * @throws PolicyException if the policy has errors; it carries all findings
   * @throws UncheckedIOException if the policy cannot be read, or its file cannot be watched
   * @throws IllegalStateException if no policy was given
   */
  public SecureStreams build() {
    if (policy == null) {
      throw new IllegalStateException("a policy is required: builder().policy(...)");
    }
    PolicyInput input = policy.with(List.copyOf(overlays));
    return watch == null
        ? new SecureStreams(foundation(input))
        : WatchedPolicy.open(watch, input, this::foundation);
  }

  private Foundation foundation(PolicyInput input) {
    PolicyParse parsed = input.read(parser);
    PolicyDatabase database = parsed.orThrow();
    Scheduler timers = scheduler == null ? Schedulers.parallel() : scheduler;
    NetworkTransports transports =
        NetworkTransports.of(network, clock, Schedulers.boundedElastic());
    PortalCheck portal = new PortalCheck(timers);
    Environment environment =
        new Environment(
            new PolicySnapshot(database),
            network.clientsOr(transports.clients()),
            network.serversOr(transports.servers()),
            timers,
            random,
            txCapacity,
            blobs,
            receivedMetadata,
            portal::redirected);
    PolicyUpdates updates =
        new PolicyUpdates(
            environment,
            parser,
            swapMode,
            PlatformReview::of,
            new PolicyEvent.Loaded(input.source(), parsed.findings()));
    return new Foundation(
        environment,
        updates,
        timers,
        random,
        messageLimit,
        transports.clients(),
        portal,
        Disposables.disposed());
  }
}
