package io.securestreams.reactor;

import io.securestreams.core.error.Finding;
import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import io.securestreams.reactor.spi.ClientTransport;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.stream.Environment;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

/**
 * Configures a {@link SecureStreams}; only the policy is required. Not safe for several threads.
 */
public final class SecureStreamsBuilder {

  private static final Logger LOGGER = LoggerFactory.getLogger(SecureStreams.class);

  private static final int TX_CAPACITY = 256;
  private static final long MESSAGE_LIMIT = 1024 * 1024;

  @Nullable private PolicyParse policy;
  private TransportSettings settings = TransportSettings.DEFAULTS;
  @Nullable private Scheduler scheduler;
  private Clock clock = Clock.systemUTC();
  private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
  private int txCapacity = TX_CAPACITY;
  private long messageLimit = MESSAGE_LIMIT;
  @Nullable private LoopResources eventLoops;
  @Nullable private ClientTransport clientTransport;
  @Nullable private ServerTransport serverTransport;

  SecureStreamsBuilder() {}

  /**
   * Reads the policy from a file.
   *
   * @param file a JSON policy
   * @return this
   */
  public SecureStreamsBuilder policy(Path file) {
    policy = PolicyParser.lenient().parse(file);
    return this;
  }

  /**
   * Takes the policy as text.
   *
   * @param json a JSON policy
   * @return this
   */
  public SecureStreamsBuilder policy(String json) {
    policy = PolicyParser.lenient().parse(json, "policy");
    return this;
  }

  /**
   * Reads the policy from a stream, which is not closed.
   *
   * @param input a JSON policy in UTF-8
   * @return this
   */
  public SecureStreamsBuilder policy(InputStream input) {
    policy = PolicyParser.lenient().parse(input, "policy");
    return this;
  }

  /**
   * Takes a policy that was read before.
   *
   * @param database the policy
   * @return this
   */
  public SecureStreamsBuilder policy(PolicyDatabase database) {
    policy = new PolicyParse(Optional.of(database), List.of());
    return this;
  }

  /**
   * Sets time limits and sizes of the network transports.
   *
   * @param value default {@link TransportSettings#DEFAULTS}
   * @return this
   */
  public SecureStreamsBuilder settings(TransportSettings value) {
    settings = Objects.requireNonNull(value, "settings");
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
   * Sets the event loops of the network transports.
   *
   * @param loops default Reactor Netty's own, shared by all that use them; disposed of by their
   *     owner
   * @return this
   */
  public SecureStreamsBuilder eventLoops(LoopResources loops) {
    eventLoops = Objects.requireNonNull(loops, "loops");
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
    clientTransport = Objects.requireNonNull(transport, "transport");
    return this;
  }

  /**
   * Replaces the transport of listeners.
   *
   * @param transport opens them; closed by its owner
   * @return this
   */
  public SecureStreamsBuilder transport(ServerTransport transport) {
    serverTransport = Objects.requireNonNull(transport, "transport");
    return this;
  }

  /**
   * Makes the instance; no connection is made.
   *
   * @throws PolicyException if the policy has errors; it carries all findings
   * @throws IllegalStateException if no policy was given
   */
  public SecureStreams build() {
    PolicyParse parsed = policy;
    if (parsed == null) {
      throw new IllegalStateException("a policy is required: builder().policy(...)");
    }
    PolicyDatabase database = parsed.orThrow();
    for (Finding finding : parsed.findings()) {
      LOGGER.atWarn().addKeyValue("finding", finding).log("The policy has a weakness");
    }
    Scheduler timers = scheduler == null ? Schedulers.parallel() : scheduler;
    NetworkTransports network =
        NetworkTransports.of(
            settings,
            clock,
            eventLoops == null ? TcpResources.get() : eventLoops,
            Schedulers.boundedElastic());
    ClientTransport clients = clientTransport == null ? network.clients() : clientTransport;
    ServerTransport servers = serverTransport == null ? network.servers() : serverTransport;
    Environment environment = new Environment(clients, servers, timers, random, txCapacity);
    return new SecureStreams(
        database,
        parsed.findings(),
        new Foundation(environment, timers, random, messageLimit, network.clients()));
  }
}
