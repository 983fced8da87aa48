package io.securestreams.reactor.testing;

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
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.ClientTransports;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** The client transports with event loops of their own, and plans for a port of this machine. */
public final class ClientFixture implements AutoCloseable {

  /** A response that succeeds with 2xx and maps nothing. */
  public static final ResponseRules RULES = new ResponseRules(0, Map.of(), Map.of());

  /** Limits short enough for a test that waits for them. */
  public static final TransportSettings SHORT =
      new TransportSettings(
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofMillis(300),
          16 * 1024,
          1024,
          4096);

  private final LoopResources loops = LoopResources.create("test-client", 2, true);
  private final Scheduler scheduler = Schedulers.newBoundedElastic(2, 64, "test-tls");
  private final ClientTransports transports;

  /** Default limits. */
  public ClientFixture() {
    this(TransportSettings.DEFAULTS);
  }

  /** Given limits. */
  public ClientFixture(TransportSettings settings) {
    Dialer dialer = new Dialer(loops, scheduler, settings);
    transports = new ClientTransports(dialer, settings, Clock.systemUTC());
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
