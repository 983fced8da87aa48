package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.Route;
import io.securestreams.core.plan.Target;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.IpAttributes.Service;
import io.securestreams.reactor.spi.TlsEngine;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.DeadEnds;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Loopback;
import io.securestreams.reactor.testing.RawPeer;
import io.securestreams.reactor.testing.RawPeer.Conversation;
import io.securestreams.reactor.testing.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Dials to names of several addresses, and what the sockets are told. */
@ExtendWith(LeakCheck.class)
class DialerIT {

  private final LoopResources loops = LoopResources.create("test-dialer", 1, true);

  @AfterEach
  void close() {
    loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
  }

  private Dialer dialer(TransportSettings settings, String... addresses) {
    HostLookup lookup =
        (host, port, loop) -> {
          List<InetSocketAddress> found = new ArrayList<>();
          try {
            for (String address : addresses) {
              found.add(new InetSocketAddress(InetAddress.getByName(address), port));
            }
          } catch (UnknownHostException e) {
            return loop.newFailedFuture(e);
          }
          return found.isEmpty()
              ? loop.newFailedFuture(new UnknownHostException(host))
              : loop.newSucceededFuture(found);
        };
    return new Dialer(loops, Schedulers.immediate(), settings, TlsEngine.JDK, lookup);
  }

  private static Channel dial(Dialer dialer, Target target) {
    CompletableFuture<Channel> end = new CompletableFuture<>();
    dialer.dial(
        target,
        Alpn.NOTHING,
        new Dialer.Caller() {
          @Override
          public void connected(Channel channel) {
            end.complete(channel);
          }

          @Override
          public void failed(LinkException cause) {
            end.completeExceptionally(cause);
          }
        });
    return end.orTimeout(15, TimeUnit.SECONDS).join();
  }

  private static LinkException failure(Dialer dialer, Target target) {
    try {
      Channel channel = dial(dialer, target);
      channel.close().syncUninterruptibly();
      throw new AssertionError("connected to " + channel.remoteAddress());
    } catch (CompletionException e) {
      return (LinkException) e.getCause();
    }
  }

  private static Target target(int port) {
    return new Target("many.test", port, Optional.empty());
  }

  private static RawPeer peer(String address, int port) {
    return RawPeer.at(address, port, ServerSocketFactory.getDefault(), Conversation::drain);
  }

  @Test
  void doesNotWaitForAnAddressThatIsSilent() throws IOException {
    try (DeadEnds.BlackHole hole = DeadEnds.blackHole();
        RawPeer peer = peer("127.0.0.2", hole.port())) {
      Dialer dialer = dialer(TransportSettings.DEFAULTS, "127.0.0.1", "127.0.0.2");

      Channel channel = dial(dialer, target(hole.port()));

      assertThat(Channels.peer(channel)).contains("127.0.0.2:" + hole.port());
      Stage.await("the connection at the peer", () -> peer.connections() == 1);
      channel.close().syncUninterruptibly();
    }
  }

  @Test
  void prefersIpv6() {
    String other = Loopback.hasIpv6() ? "::1" : "127.0.0.1";
    try (RawPeer first = peer(other, 0);
        RawPeer second = peer("127.0.0.2", first.port())) {
      Dialer dialer = dialer(TransportSettings.DEFAULTS, "127.0.0.2", other);

      Channel channel = dial(dialer, target(first.port()));

      String expected = Loopback.hasIpv6() ? "[0:0:0:0:0:0:0:1]" : "127.0.0.2";
      assertThat(Channels.peer(channel)).contains(expected + ":" + second.port());
      channel.close().syncUninterruptibly();
    }
  }

  @Test
  void namesEveryAddressThatWasTried() throws IOException {
    int port = DeadEnds.refusing();
    LinkException refused =
        failure(dialer(TransportSettings.DEFAULTS, "127.0.0.1", "127.0.0.2"), target(port));

    assertThat(refused.kind()).isEqualTo(FailureKind.CONNECT);
    assertThat(refused)
        .hasMessageContaining("many.test:" + port)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("127.0.0.2:" + port);

    try (DeadEnds.BlackHole hole = DeadEnds.blackHole()) {
      LinkException silent = failure(dialer(ClientFixture.SHORT, "127.0.0.1"), target(hole.port()));
      assertThat(silent.kind()).isEqualTo(FailureKind.TIMEOUT);

      LinkException mixed =
          failure(dialer(ClientFixture.SHORT, "127.0.0.1", "127.0.0.2"), target(hole.port()));
      assertThat(mixed.kind()).as("somebody said no").isEqualTo(FailureKind.CONNECT);
    }
  }

  @Test
  void saysThatANameIsUnknown() {
    LinkException unknown = failure(dialer(TransportSettings.DEFAULTS), target(1));

    assertThat(unknown.kind()).isEqualTo(FailureKind.DNS);
    assertThat(unknown).hasMessageContaining("many.test:1");
  }

  @Test
  void asksNobodyForTheAddressOfALiteral() {
    try (RawPeer peer = peer("127.0.0.1", 0)) {
      Channel channel =
          dial(
              dialer(TransportSettings.DEFAULTS),
              new Target("127.0.0.1", peer.port(), Optional.empty()));

      assertThat(channel.isActive()).isTrue();
      channel.close().syncUninterruptibly();
    }
  }

  @Test
  void asksTheNetworkForWhatThePolicySays() {
    IpAttributes asked = new IpAttributes(3, Set.of(Service.LOW_LATENCY, Service.HIGH_THROUGHPUT));
    String address = Loopback.hasIpv6() ? "::1" : "127.0.0.1";
    for (String host : new String[] {"127.0.0.1", address}) {
      try (RawPeer peer = peer(host, 0)) {
        Channel channel =
            dial(
                dialer(TransportSettings.DEFAULTS),
                new Target(
                    new Address.Network(host, peer.port()),
                    Optional.empty(),
                    new Route(Optional.empty(), asked)));

        assertThat(channel.config().getOption(ChannelOption.IP_TOS)).isEqualTo(0x18);
        assertThat(channel.config().getOption(SocketAttributes.PRIORITY)).isEqualTo(3);
        channel.close().syncUninterruptibly();
      }
    }
  }

  @Test
  void connectsAlsoIfTheNetworkIsNotAsked() {
    IpAttributes outOfRange = new IpAttributes(-1, Set.of());
    try (RawPeer peer = peer("127.0.0.1", 0)) {
      Channel channel =
          dial(
              dialer(TransportSettings.DEFAULTS),
              new Target(
                  new Address.Network("127.0.0.1", peer.port()),
                  Optional.empty(),
                  new Route(Optional.empty(), outOfRange)));

      assertThat(channel.isActive()).isTrue();
      channel.close().syncUninterruptibly();
    }
  }
}
