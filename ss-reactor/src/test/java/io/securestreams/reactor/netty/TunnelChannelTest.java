package io.securestreams.reactor.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelChannelTest {

  private final EmbeddedChannel parent = new EmbeddedChannel();
  private final Stream stream = new Stream();
  private final TunnelChannel tunnel = new TunnelChannel(parent, stream);
  private final List<String> words = new ArrayList<>();

  @BeforeEach
  void register() {
    parent.eventLoop().register(tunnel).syncUninterruptibly();
    tunnel.pipeline().addLast(new Scribe());
  }

  @AfterEach
  void close() {
    Channels.close(tunnel);
    parent.finishAndReleaseAll();
  }

  @Test
  void handsOutOnePieceForEachRead() {
    receive("one");
    receive("two");
    assertThat(told()).isEmpty();

    tunnel.read();
    assertThat(told()).containsExactly("one", "complete");
    assertThat(stream.taken).isEqualTo(3);
    tunnel.read();
    assertThat(told()).containsExactly("one", "complete", "two", "complete");
    tunnel.read();
    receive("three");
    assertThat(told()).endsWith("three", "complete");
  }

  @Test
  void endsBehindWhatCame() {
    receive("last");

    tunnel.ended(null);
    assertThat(tunnel.isOpen()).isTrue();
    tunnel.read();

    assertThat(told()).containsExactly("last", "complete", "inactive");
    assertThat(stream.closed).isTrue();
  }

  @Test
  void tellsWhyItEnds() {
    tunnel.ended(new IOException("lost"));

    assertThat(told()).containsExactly("lost", "inactive");
  }

  @Test
  void throwsAwayWhatComesAfterTheEnd() {
    tunnel.ended(null);

    ByteBuf late = ByteBufUtil.writeAscii(parent.alloc(), "late");
    tunnel.received(late);

    assertThat(late.release()).isTrue();
    assertThat(told()).containsExactly("inactive");
  }

  @Test
  void aWriteIsCompleteWhenTheStreamLetItGo() {
    ChannelFuture one = write("one");
    ChannelFuture two = tunnel.write(ascii("two"));
    assertThat(stream.written).containsExactly("one");
    tunnel.flush();
    assertThat(stream.written).containsExactly("one", "two");
    assertThat(one.isDone()).isFalse();

    stream.letGo();
    assertThat(one.isSuccess()).isTrue();
    assertThat(two.isDone()).isFalse();
    stream.letGo();
    assertThat(two.isSuccess()).isTrue();
  }

  @Test
  void takesNoMoreWhileTheStreamDoesNot() {
    String much = "x".repeat(tunnel.config().getWriteBufferHighWaterMark() + 1);
    assertThat(write(much).isDone()).isFalse();
    assertThat(tunnel.isWritable()).isFalse();

    stream.letGo();
    assertThat(tunnel.isWritable()).isTrue();
    assertThat(told()).containsExactly("writability", "writability");
  }

  @Test
  void aStreamThatFailsAtOnceFailsTheWrites() {
    stream.failsAtOnce = true;

    ChannelFuture one = tunnel.write(ascii("one"));
    ChannelFuture two = write("two");
    parent.runPendingTasks();

    assertThat(one.cause()).hasMessage("no stream");
    assertThat(two.cause()).hasMessage("no stream");
  }

  @Test
  void closingFailsWhatIsUnderWayAndLaterNewsDoNoHarm() {
    ChannelFuture one = write("one");

    Channels.close(tunnel);
    assertThat(one.cause()).isInstanceOf(ClosedChannelException.class);
    stream.letGo();

    assertThat(told()).containsExactly("inactive");
    assertThat(stream.closed).isTrue();
  }

  @Test
  void carriesBytesOnly() {
    ChannelFuture text = tunnel.writeAndFlush("text");

    assertThat(text.cause()).hasMessageContaining("a stream carries bytes");
  }

  /** What the channel told, what it leaves to the event loop included. */
  private List<String> told() {
    parent.runPendingTasks();
    return words;
  }

  private ChannelFuture write(String text) {
    return tunnel.writeAndFlush(ascii(text));
  }

  private void receive(String text) {
    ByteBuf data = ascii(text);
    tunnel.received(data);
    data.release();
  }

  private ByteBuf ascii(String text) {
    return ByteBufUtil.writeAscii(parent.alloc(), text);
  }

  /** A stream that lets go what the test says. */
  private final class Stream implements TunnelChannel.Carrier {

    private final List<String> written = new ArrayList<>();
    private final List<ChannelPromise> waiting = new ArrayList<>();
    private boolean failsAtOnce;
    private boolean closed;
    private int taken;

    @Override
    public void write(ByteBuf piece, ChannelFutureListener listener) {
      written.add(piece.toString(US_ASCII));
      piece.release();
      ChannelPromise promise = parent.newPromise().addListener(listener);
      if (failsAtOnce) {
        promise.setFailure(new IOException("no stream"));
      } else {
        waiting.add(promise);
      }
    }

    void letGo() {
      waiting.remove(0).setSuccess();
    }

    @Override
    public void flush() {}

    @Override
    public void taken(int bytes) {
      taken += bytes;
    }

    @Override
    public void closed() {
      closed = true;
    }
  }

  /** Writes down what the channel tells. */
  private final class Scribe extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      words.add(((ByteBuf) message).toString(US_ASCII));
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      words.add("complete");
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      words.add("writability");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      words.add("inactive");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      words.add(String.valueOf(cause.getMessage()));
    }
  }
}
