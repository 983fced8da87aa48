package io.securestreams.reactor.testing;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerTransport;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.ServerTransports;
import java.net.InetSocketAddress;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Event loops and the listeners that a test opened on the loopback. */
public final class ServerFixture implements AutoCloseable {

  /** Long enough for a busy machine. */
  public static final Duration SOON = Duration.ofSeconds(10);

  private final LoopResources loops;
  private final List<Listener> listeners = new ArrayList<>();
  private final ServerTransport transport;

  /** A fixture with limits. */
  public ServerFixture(TransportSettings settings) {
    this(settings, LoopResources.create("server-it", 1, 2, true));
  }

  /** A fixture with limits on event loops that are disposed of with it. */
  public ServerFixture(TransportSettings settings, LoopResources loops) {
    this.loops = loops;
    transport = new ServerTransports(settings, loops, Schedulers.boundedElastic());
  }

  /** The transport under test. */
  public ServerTransport transport() {
    return transport;
  }

  /** Binds and gives the port. */
  public int bind(ServerPlan plan, Acceptor acceptor) {
    return port(listen(plan, acceptor));
  }

  /** Binds. */
  public Listener listen(ServerPlan plan, Acceptor acceptor) {
    Listener listener = transport.bind(plan, acceptor).block(SOON);
    listeners.add(listener);
    return listener;
  }

  /** The port of a listener. */
  public static int port(Listener listener) {
    return ((InetSocketAddress) listener.address()).getPort();
  }

  /** A plan on the loopback without TLS. */
  public static ServerPlan plan(Protocol protocol, WsSettings ws, MetadataDeclaration... metadata) {
    return plan(protocol, ws, Optional.empty(), metadata);
  }

  /** A plan on the loopback. */
  public static ServerPlan plan(
      Protocol protocol,
      WsSettings ws,
      Optional<ServerPlan.Identity> identity,
      MetadataDeclaration... metadata) {
    return new ServerPlan(
        "it",
        protocol,
        Optional.of("127.0.0.1"),
        0,
        identity,
        ws,
        List.of(metadata),
        HttpSettings.ContentLength.SENT_WHEN_KNOWN);
  }

  /** A certificate with its key, as plans have them. */
  public static ServerPlan.Identity identity(TestPki.Identity identity) {
    try {
      return new ServerPlan.Identity(
          new CertificateEntry("cert", identity.certificate().getEncoded()),
          new CertificateEntry("key", identity.key().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    listeners.forEach(listener -> listener.close().block(SOON));
    loops.disposeLater(Duration.ZERO, SOON).block(SOON);
  }
}
