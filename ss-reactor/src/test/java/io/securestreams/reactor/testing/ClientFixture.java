package io.securestreams.reactor.testing;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.plan.WsPlan;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.ClientTransports;
import io.securestreams.reactor.transport.file.FileClients;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** The client transports with event loops of their own, and plans for a port of this machine. */
public final class ClientFixture implements AutoCloseable {

  /** A response that succeeds with 2xx and maps nothing. */
  public static final ResponseRules RULES = new ResponseRules(0, Map.of(), Map.of());

  /** Limits short enough for a test that waits for them, on a busy machine too. */
  public static final TransportSettings SHORT =
      new TransportSettings(
          Duration.ofMillis(1500),
          Duration.ofMillis(1500),
          Duration.ofMillis(1500),
          Duration.ofMillis(300),
          16 * 1024,
          1024,
          4096);

  private final LoopResources loops;
  private final Scheduler scheduler = Schedulers.newBoundedElastic(2, 64, "test-tls");
  private final ClientTransports transports;

  /** Default limits. */
  public ClientFixture() {
    this(TransportSettings.DEFAULTS);
  }

  /** Given limits. */
  public ClientFixture(TransportSettings settings) {
    this(settings, TlsEngine.JDK);
  }

  /** Given limits and TLS engine. */
  public ClientFixture(TransportSettings settings, TlsEngine engine) {
    this(settings, engine, LoopResources.create("test-client", 2, true));
  }

  /** Default limits, and the sockets that the JDK has. */
  public static ClientFixture withoutNativeTransport() {
    return new ClientFixture(TransportSettings.DEFAULTS, TlsEngine.JDK, nio("test-nio"));
  }

  /** Event loops with the sockets that the JDK has. */
  public static LoopResources nio(String name) {
    LoopResources named = LoopResources.create(name, 2, true);
    return new LoopResources() {
      @Override
      public EventLoopGroup onServer(boolean useNative) {
        return named.onServer(false);
      }

      @Override
      public EventLoopGroup onClient(boolean useNative) {
        return named.onClient(false);
      }

      @Override
      public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
        return named.onChannel(type, group);
      }

      @Override
      public <C extends Channel> Class<? extends C> onChannelClass(
          Class<C> type, EventLoopGroup group) {
        return named.onChannelClass(type, group);
      }

      @Override
      public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return named.disposeLater(quietPeriod, timeout);
      }
    };
  }

  private ClientFixture(TransportSettings settings, TlsEngine engine, LoopResources loops) {
    this.loops = loops;
    Dialer dialer = new Dialer(loops, scheduler, settings, engine);
    transports =
        new ClientTransports(dialer, settings, Clock.systemUTC(), FileClients.permitted(scheduler));
  }

  /** What is tested. */
  public ClientTransports transports() {
    return transports;
  }

  /** A port of this machine, without TLS. */
  public static Target target(int port) {
    return new Target("127.0.0.1", port, Optional.empty());
  }

  /** A port of this machine, with TLS. */
  public static Target target(int port, TlsPlan tls) {
    return new Target("localhost", port, Optional.of(tls));
  }

  /** A request without body. */
  public static HttpPlan get(Target target, String path) {
    return http(target, "GET", path, BodyPlan.NONE, RULES);
  }

  /** A request. */
  public static HttpPlan http(
      Target target, String method, String path, BodyPlan body, ResponseRules rules) {
    return new HttpPlan(
        "test",
        target,
        HttpWire.H1,
        method,
        path,
        List.of(new Header("x-test", "1")),
        body,
        rules,
        Set.of());
  }

  /** A request over h2: by ALPN if there is TLS, else without asking. */
  public static HttpPlan multiplexed(Target target, String method, String path, BodyPlan body) {
    return new HttpPlan(
        "test",
        target,
        target.tls().isPresent() ? HttpWire.H2 : HttpWire.H2_PRIOR_KNOWLEDGE,
        method,
        path,
        List.of(new Header("x-test", "1")),
        body,
        RULES,
        Set.of());
  }

  /** A WebSocket of binary frames. */
  public static WsPlan ws(Target target) {
    return ws(target, Optional.empty());
  }

  /** A WebSocket of binary frames with a subprotocol. */
  public static WsPlan ws(Target target, Optional<String> subprotocol) {
    return ws(target, subprotocol, WsSettings.Frames.BINARY);
  }

  /** A WebSocket. */
  public static WsPlan ws(Target target, Optional<String> subprotocol, WsSettings.Frames frames) {
    return new WsPlan(
        "test",
        target,
        "/ws",
        List.of(new Header("x-test", "1")),
        subprotocol,
        frames,
        RULES,
        Set.of());
  }

  @Override
  public void close() {
    transports.close().block();
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
    scheduler.dispose();
  }
}
