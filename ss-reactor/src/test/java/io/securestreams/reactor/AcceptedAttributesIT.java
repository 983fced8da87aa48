package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** What a listener's policy asks of the network holds for the sockets of its connections. */
@ExtendWith(LeakCheck.class)
class AcceptedAttributesIT {

  /** {@code SOL_SOCKET} and {@code SO_PRIORITY} of Linux. */
  private static final ChannelOption<Integer> PRIORITY =
      new IntegerUnixChannelOption("SO_PRIORITY", 1, 12);

  @RegisterExtension final Stage stage = new Stage();

  private final List<Channel> registered = new CopyOnWriteArrayList<>();

  /** Event loops that write down whom they serve. */
  private final class Loops implements LoopResources, AutoCloseable {

    private final LoopResources usual = LoopResources.create("test-attributes", 1, true);
    private final EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()) {
          @Override
          public ChannelFuture register(Channel channel) {
            registered.add(channel);
            return super.register(channel);
          }
        };

    @Override
    public EventLoopGroup onServer(boolean useNative) {
      return group;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup any) {
      return usual.onChannel(type, usual.onServer(true));
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(
        Class<C> type, EventLoopGroup any) {
      return usual.onChannelClass(type, usual.onServer(true));
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
      return usual.disposeLater(quietPeriod, timeout);
    }

    @Override
    public void close() {
      usual.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
      group.shutdownGracefully().syncUninterruptibly();
    }
  }

  @Test
  void typeOfServiceAndPriorityAreThoseOfThePolicy() {
    Loops loops = stage.with(new Loops());
    TestPolicy policy =
        new TestPolicy()
            .server(
                "site",
                "h1",
                "'attr_priority':3,'attr_low_latency':true,'attr_high_throughput':true,"
                    + "'metadata':[{'method':''}]");
    SecureStreams streams = stage.streams(policy, builder -> builder.eventLoops(loops));
    StreamServer server = streams.serve("site");
    Disposable accepting = server.accepted().flatMap(AcceptedStream::events).subscribe(event -> {});
    stage.ends(accepting::dispose);
    int port = ((InetSocketAddress) server.address().blockOptional(SOON).orElseThrow()).getPort();

    RawClient client = stage.with(RawClient.to(port));
    Stage.await("an accepted connection", () -> accepted().count() == 1);

    Channel connection = accepted().findFirst().orElseThrow();
    Stage.await(
        "the attributes",
        () -> Integer.valueOf(0x18).equals(connection.config().getOption(ChannelOption.IP_TOS)));
    Stage.await(
        "the priority", () -> Integer.valueOf(3).equals(connection.config().getOption(PRIORITY)));
    assertThat(client.socket().isConnected()).isTrue();
  }

  @Test
  void thoseOfH3AreItsSocketsAndChangeWithThePolicy() {
    Loops loops = stage.with(new Loops());
    TestPki.Identity identity = TestPki.selfSigned("127.0.0.1");
    SecureStreams streams =
        stage.streams(
            h3(identity, "'attr_priority':3,'attr_low_latency':true,"),
            builder -> builder.eventLoops(loops));
    StreamServer server = streams.serve("site");
    stage.ends(server.accepted().subscribe()::dispose);
    server.address().block(SOON);
    Channel socket =
        registered.stream().filter(EpollDatagramChannel.class::isInstance).findAny().orElseThrow();
    assertAttributes(socket, 0x10, 3);

    streams
        .updatePolicy(h3(identity, "'attr_priority':3,'attr_low_cost':true,").text())
        .block(SOON);
    assertAttributes(socket, 0x02, 3);

    streams.updatePolicy(h3(identity, "'attr_priority':5,").text()).block(SOON);
    assertAttributes(socket, 0, 5);

    streams.updatePolicy(h3(identity, "").text()).block(SOON);
    assertAttributes(socket, 0, 0);
  }

  private static TestPolicy h3(TestPki.Identity identity, String attributes) {
    return new TestPolicy()
        .identity("it", identity)
        .server(
            "site", "h3", attributes + "'tls':true,'server_cert':'it_cert','server_key':'it_key'");
  }

  private static void assertAttributes(Channel socket, int service, int priority) {
    assertThat(socket.config().getOption(ChannelOption.IP_TOS)).isEqualTo(service);
    assertThat(socket.config().getOption(PRIORITY)).isEqualTo(priority);
  }

  private Stream<Channel> accepted() {
    return registered.stream().filter(EpollSocketChannel.class::isInstance);
  }
}
