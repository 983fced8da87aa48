package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is tried when, and who wins, on a clock that stands still. */
class AddressRaceTest {

  private static final InetSocketAddress A = InetSocketAddress.createUnresolved("a", 1);
  private static final InetSocketAddress B = InetSocketAddress.createUnresolved("b", 1);
  private static final InetSocketAddress C = InetSocketAddress.createUnresolved("c", 1);

  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final Map<SocketAddress, ChannelPromise> attempts = new LinkedHashMap<>();
  private final List<Channel> winners = new ArrayList<>();
  private final List<Map<SocketAddress, Throwable>> losses = new ArrayList<>();
  private final AddressRace race =
      new AddressRace(
          clock.eventLoop(),
          List.of(A, B, C),
          this::connect,
          new AddressRace.Result() {
            @Override
            public void won(Channel channel) {
              winners.add(channel);
            }

            @Override
            public void lost(Map<SocketAddress, Throwable> failures) {
              losses.add(failures);
            }
          });

  AddressRaceTest() {
    clock.freezeTime();
  }

  private ChannelFuture connect(SocketAddress address) {
    ChannelPromise promise = new EmbeddedChannel().newPromise();
    attempts.put(address, promise);
    return promise;
  }

  private void pass(long ms) {
    clock.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
  }

  private void fail(SocketAddress address) {
    attempts.get(address).setFailure(new ConnectException(address.toString()));
  }

  /** After the turn of the event loop: what is closed may be read just now. */
  private boolean isOpen(SocketAddress address) {
    clock.runPendingTasks();
    return attempts.get(address).channel().isOpen();
  }

  @Test
  void givesEachAddressAHeadStart() {
    race.start();
    assertThat(attempts).containsOnlyKeys(A);
    pass(249);
    assertThat(attempts).containsOnlyKeys(A);
    pass(1);
    assertThat(attempts).containsOnlyKeys(A, B);
    pass(250);
    assertThat(attempts).containsOnlyKeys(A, B, C);
    pass(10_000);
    assertThat(attempts).hasSize(3);
  }

  @Test
  void triesTheNextAtOnceWhenOneFails() {
    race.start();
    fail(A);
    assertThat(attempts).containsOnlyKeys(A, B);
    pass(249);
    assertThat(attempts).as("with a head start of its own").hasSize(2);
    pass(1);
    assertThat(attempts).hasSize(3);
  }

  @Test
  void theFirstThatStandsWinsAndTheOthersAreClosed() {
    race.start();
    pass(250);
    attempts.get(A).setSuccess();

    assertThat(winners).containsExactly(attempts.get(A).channel());
    assertThat(isOpen(A)).isTrue();
    assertThat(isOpen(B)).isFalse();
    pass(10_000);
    assertThat(attempts).as("nobody is tried any more").hasSize(2);
  }

  @Test
  void closesALoserThatStandsTooLate() {
    race.start();
    pass(250);
    attempts.get(B).setSuccess();
    attempts.get(A).setSuccess();

    assertThat(winners).containsExactly(attempts.get(B).channel());
    assertThat(attempts.get(A).channel().isOpen()).as("closed in this turn").isTrue();
    assertThat(isOpen(A)).isFalse();
  }

  @Test
  void losesWhenTheLastOfAllFails() {
    race.start();
    pass(500);
    fail(B);
    fail(C);
    assertThat(losses).isEmpty();
    fail(A);

    assertThat(losses).hasSize(1);
    assertThat(losses.get(0)).containsOnlyKeys(B, C, A);
  }

  @Test
  void forgetsEverythingWhenItIsGivenUp() {
    race.start();
    pass(250);
    race.cancel();
    assertThat(isOpen(A)).isFalse();
    assertThat(isOpen(B)).isFalse();

    fail(A);
    attempts.get(B).trySuccess();
    pass(10_000);

    assertThat(attempts).hasSize(2);
    assertThat(winners).isEmpty();
    assertThat(losses).isEmpty();
  }
}
