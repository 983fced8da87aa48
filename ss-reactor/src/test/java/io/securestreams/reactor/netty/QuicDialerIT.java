package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.Route;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.IpAttributes.Service;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.H3Peer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Loopback;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPki.Authority;
import io.securestreams.reactor.testing.TestPki.Validity;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

@ExtendWith(LeakCheck.class)
class QuicDialerIT {

  private static final Authority ROOT = Authority.named("root");

  private final LoopResources loops = LoopResources.create("test-quic", 1, true);
  private final Scheduler blocking = Schedulers.newBoundedElastic(2, 64, "test-quic-tls");
  private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

  private final QuicDialer.Caller caller =
      new QuicDialer.Caller() {
        @Override
        public void connected(QuicChannel channel) {
          told.add(channel);
        }

        @Override
        public void failed(LinkException cause) {
          told.add(cause);
        }
      };

  @AfterEach
  void close() {
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
    blocking.dispose();
  }

  private static TlsPlan trusting(Authority authority) throws CertificateEncodingException {
    CertificateEntry entry = new CertificateEntry("root", authority.certificate().getEncoded());
    return new TlsPlan(Optional.of(new TrustStore("test", List.of(entry))));
  }

  private Disposable dial(TransportSettings settings, Target target) {
    return dial(settings, new DnsLookup(loops), target);
  }

  private Disposable dial(TransportSettings settings, HostLookup lookup, Target target) {
    return new Dialer(loops, blocking, settings, TlsEngine.JDK, lookup)
        .quic()
        .dial(target, Http3ClientConnectionHandler::new, caller);
  }

  /** Knows the addresses of every name. */
  private static HostLookup finding(String... addresses) {
    return (host, port, loop) ->
        loop.newSucceededFuture(
            Arrays.stream(addresses).map(each -> new InetSocketAddress(each, port)).toList());
  }

  private Object next() throws InterruptedException {
    Object next = told.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("the end of the dial").isNotNull();
    return next;
  }

  private void expectFailed(FailureKind kind) throws InterruptedException {
    assertThat(next())
        .isInstanceOfSatisfying(
            LinkException.class,
            failure -> assertThat(failure.kind()).as("%s", failure).isEqualTo(kind));
  }

  private static H3Peer showing(TestPki.Identity identity) {
    return showing(identity, "127.0.0.1", 0);
  }

  private static H3Peer showing(TestPki.Identity identity, String address, int port) {
    return new H3Peer(
        new InetSocketAddress(address, port), identity, (request, response) -> response.send());
  }

  @Test
  void connectsToWhomTheAuthorityVouchesFor() throws Exception {
    try (H3Peer peer = showing(ROOT.issue("localhost"))) {
      dial(TransportSettings.DEFAULTS, target(peer, trusting(ROOT)));

      QuicChannel channel = (QuicChannel) next();
      assertThat(channel.isActive()).isTrue();
      Channels.close(channel);
      channel.closeFuture().await();
      channel.parent().closeFuture().await();
    }
  }

  @Test
  void doesNotWaitForAnAddressThatIsSilent() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        H3Peer peer = showing(ROOT.issue("localhost"), "127.0.0.2", silent.getLocalPort())) {
      dial(
          TransportSettings.DEFAULTS,
          finding("127.0.0.1", "127.0.0.2"),
          target(peer, trusting(ROOT)));

      QuicChannel channel = (QuicChannel) next();
      assertThat(channel.remoteSocketAddress())
          .isEqualTo(new InetSocketAddress("127.0.0.2", peer.port()));
      channel.close().sync();
      assertThat(told).isEmpty();
    }
  }

  @Test
  void namesEveryAddressThatWasTried() throws Exception {
    int port = freePort();
    dial(
        TransportSettings.DEFAULTS,
        finding("127.0.0.1", "127.0.0.2"),
        new Target("many.test", port, Optional.of(trusting(ROOT))));

    assertThat(next())
        .isInstanceOfSatisfying(
            LinkException.class,
            failure ->
                assertThat(failure)
                    .hasMessageStartingWith("cannot connect to many.test:" + port)
                    .hasMessageContaining("; "));
  }

  @Test
  void doesNotAskFurtherAddressesWhereAPeerIsRefused() throws Exception {
    Authority other = Authority.named("other");
    try (H3Peer refused = showing(other.issue("localhost"));
        H3Peer second = showing(ROOT.issue("localhost"), "127.0.0.2", refused.port())) {
      dial(
          TransportSettings.DEFAULTS,
          finding("127.0.0.1", "127.0.0.2"),
          target(second, trusting(ROOT)));
      expectFailed(FailureKind.TLS_UNTRUSTED);
    }
  }

  @Test
  void asksTheNetworkForWhatThePolicySays() throws Exception {
    IpAttributes asked = new IpAttributes(3, Set.of(Service.LOW_LATENCY, Service.HIGH_THROUGHPUT));
    for (String address : Loopback.hasIpv6() ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1")) {
      try (H3Peer peer = showing(ROOT.issue("localhost"), address, 0)) {
        dial(
            TransportSettings.DEFAULTS,
            finding(address),
            new Target(
                new Address.Network("localhost", peer.port()),
                Optional.of(trusting(ROOT)),
                new Route(Optional.empty(), asked)));

        QuicChannel channel = (QuicChannel) next();
        ChannelConfig socket = channel.parent().config();
        assertThat(socket.getOption(ChannelOption.IP_TOS)).isEqualTo(0x18);
        assertThat(socket.getOption(SocketAttributes.PRIORITY)).isEqualTo(3);
        channel.close().sync();
      }
    }
  }

  @Test
  void refusesAnUnknownAuthority() throws Exception {
    try (H3Peer peer = showing(Authority.named("other").issue("localhost"))) {
      dial(TransportSettings.DEFAULTS, target(peer, trusting(ROOT)));
      expectFailed(FailureKind.TLS_UNTRUSTED);
    }
  }

  @Test
  void refusesAnotherHost() throws Exception {
    try (H3Peer peer = showing(ROOT.issue("example.test"))) {
      dial(TransportSettings.DEFAULTS, target(peer, trusting(ROOT)));
      expectFailed(FailureKind.TLS_HOST);
    }
  }

  @Test
  void refusesAnExpiredCertificate() throws Exception {
    try (H3Peer peer = showing(ROOT.issue("localhost", Validity.EXPIRED))) {
      dial(TransportSettings.DEFAULTS, target(peer, trusting(ROOT)));
      expectFailed(FailureKind.TLS_EXPIRED);
    }
  }

  @Test
  void noticesAtOnceThatNobodyListens() throws Exception {
    dial(
        TransportSettings.DEFAULTS,
        new Target("127.0.0.1", freePort(), Optional.of(trusting(ROOT))));
    expectFailed(FailureKind.CONNECT);
  }

  @Test
  void givesUpOnAPeerThatSaysNothing() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      dial(
          ClientFixture.SHORT,
          new Target("127.0.0.1", silent.getLocalPort(), Optional.of(trusting(ROOT))));
      expectFailed(FailureKind.TIMEOUT);
    }
  }

  @Test
  void tellsThatANameIsUnknown() throws Exception {
    dial(
        TransportSettings.DEFAULTS,
        new Target("no-such-host.invalid", 443, Optional.of(trusting(ROOT))));
    expectFailed(FailureKind.DNS);
  }

  @Test
  void neverGoesPastAProxyOrOverAUnixSocket() throws Exception {
    Optional<TlsPlan> tls = Optional.of(trusting(ROOT));
    Route proxied =
        new Route(
            Optional.of(new SocksProxy(Optional.empty(), "127.0.0.1", 1080)), IpAttributes.NONE);

    dial(TransportSettings.DEFAULTS, new Target(new Address.Network("localhost", 1), tls, proxied));
    expectFailed(FailureKind.PROXY);
    dial(TransportSettings.DEFAULTS, new Target(new Address.Unix("/run/x"), tls, Route.DIRECT));
    expectFailed(FailureKind.POLICY);
  }

  @Test
  void saysNothingAfterItWasGivenUp() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Target target = new Target("127.0.0.1", silent.getLocalPort(), Optional.of(trusting(ROOT)));
      dial(TransportSettings.DEFAULTS, target).dispose();
      dial(ClientFixture.SHORT, target);
      expectFailed(FailureKind.TIMEOUT);
      assertThat(told).isEmpty();
    }
  }

  private static Target target(H3Peer peer, TlsPlan tls) {
    return new Target("localhost", peer.port(), Optional.of(tls));
  }

  private static int freePort() throws SocketException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
