package io.securestreams.reactor.transport.raw;

import io.netty.channel.Channel;
import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.reactor.netty.Channels;
import io.securestreams.reactor.netty.ConnectionLink;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.Answer;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.ServerLink;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A byte stream that was accepted. */
final class ServerRawLink extends ConnectionLink implements ServerLink, RawEnds {

  private static final LinkObserver NOBODY = signal -> {};

  private final String streamType;
  private final Channel channel;
  private LinkObserver observer = NOBODY;

  private ServerRawLink(String streamType, Channel channel) {
    this.streamType = streamType;
    this.channel = channel;
  }

  /**
   * Begins a byte stream, unless that is refused. On the event loop.
   *
   * @param streamType for messages
   * @param channel active, and secured if it has to be
   * @param acceptor is asked
   */
  static void begin(String streamType, Channel channel, Acceptor acceptor) {
    ServerRawLink link = new ServerRawLink(streamType, channel);
    RawConnection connection = new RawConnection(link, link, channel);
    link.speaks(connection);
    Optional<LinkObserver> taken = acceptor.accept(link);
    if (taken.isEmpty() || link.isClosed()) {
      Channels.close(channel);
      return;
    }
    link.observer = taken.get();
    connection.install();
  }

  @Override
  protected LinkObserver observer() {
    return observer;
  }

  @Override
  public void start() {
    // The peer already did.
  }

  @Override
  public void answer(Answer answer) {
    // Bytes answer nothing; the reference ignores acknowledgements there, too.
  }

  @Override
  public Optional<X509Certificate> clientCertificate() {
    return Channels.certificate(channel);
  }

  @Override
  public LinkException failure(Throwable cause) {
    return cause instanceof LinkException ours
        ? told(ours.kind(), String.valueOf(ours.getMessage()), ours)
        : told(FailureKind.CLOSED, "Connection failed: " + cause.getMessage(), cause);
  }

  @Override
  public LinkException left() {
    return told(FailureKind.CLOSED, "Client closed the connection", null);
  }

  private LinkException told(FailureKind kind, String what, @Nullable Throwable cause) {
    String peer = peer().orElse("unknown");
    return new LinkException(kind, what + ": " + streamType + ", client " + peer, peer, cause);
  }
}
