package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.embedded.EmbeddedChannel;
import io.securestreams.reactor.spi.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ServerOutflowTest {

  private static final Duration STALL = Duration.ofSeconds(3);

  private final Stream stream = new Stream();
  private final ServerOutflow outflow = new ServerOutflow(stream, STALL);
  private final List<Boolean> told = new ArrayList<>();

  private void give(int bytes) {
    outflow.give(Unpooled.buffer(bytes).writeZero(bytes), true, sent -> told.add(sent.isSuccess()));
  }

  @Test
  void thePatienceWithTheClientBeginsWithWhatItIsGiven() {
    assertThat(outflow.isWaiting()).isFalse();

    give(10);

    assertThat(outflow.isWaiting()).isTrue();
    assertThat(stream.limits).containsExactly(STALL.toNanos());
    assertThat(outflow.reason())
        .isEqualTo(
            "takes nothing on its stream for longer than stall = 3000 ms of serverLimits(...)");
  }

  @Test
  void itBeginsAnewWithEachPartThatIsTaken() {
    give(2 * ServerOutflow.PART + 1);
    assertThat(stream.sizes).containsExactly(ServerOutflow.PART, ServerOutflow.PART, 1);
    assertThat(stream.lasts).containsExactly(false, false, true);

    stream.take(true);
    stream.take(true);
    assertThat(stream.limits).hasSize(3);
    assertThat(told).isEmpty();
    stream.take(true);

    assertThat(told).containsExactly(true);
    assertThat(stream.limits).hasSize(3);
    assertThat(outflow.isWaiting()).isFalse();
  }

  @Test
  void aPieceOfOnePartIsNotDivided() {
    give(ServerOutflow.PART);

    assertThat(stream.sizes).containsExactly(ServerOutflow.PART);
  }

  @Test
  void whatIsLostIsNoProgress() {
    give(ServerOutflow.PART + 1);

    stream.take(false);
    assertThat(stream.limits).hasSize(1);
    stream.take(false);

    assertThat(told).containsExactly(false);
    assertThat(outflow.isWaiting()).isFalse();
  }

  @Test
  void itLeavesTheLimitAloneWhereThatIsForSomethingElse() {
    give(2 * ServerOutflow.PART);
    outflow.ignore();

    stream.take(true);

    assertThat(stream.limits).hasSize(1);
  }

  /** Keeps what it is given until it is told. */
  private static final class Stream implements ServerCarrier {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Queue<ChannelFutureListener> waiting = new ArrayDeque<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Boolean> lasts = new ArrayList<>();
    private final List<Long> limits = new ArrayList<>();

    void take(boolean successfully) {
      ChannelFuture sent =
          successfully
              ? channel.newSucceededFuture()
              : channel.newFailedFuture(new IllegalStateException("lost"));
      sent.addListener(waiting.remove());
    }

    @Override
    public void piece(ByteBuf piece, boolean last, ChannelFutureListener written) {
      sizes.add(piece.readableBytes());
      lasts.add(last);
      piece.release();
      waiting.add(written);
    }

    @Override
    public void limit(long nanos) {
      limits.add(nanos);
    }

    @Override
    public void head(Answer answer, boolean last, ChannelFutureListener written) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void taken(int bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void reading(boolean wanted) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void complete() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void reset(Reset why) {
      throw new UnsupportedOperationException();
    }
  }
}
