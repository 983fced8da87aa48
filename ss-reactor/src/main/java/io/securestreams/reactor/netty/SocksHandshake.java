package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5ClientEncoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.util.NetUtil;
import io.securestreams.core.plan.Address;
import io.securestreams.core.policy.SocksProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SOCKS5 proxy for a connection. The proxy resolves names; it is given the address of a
 * literal. Lives on the connection's event loop.
 *
 * <p><b>Source:</b> RFC 1928, RFC 1929.
 */
final class SocksHandshake extends ChannelInboundHandlerAdapter {

  private final SocksProxy proxy;
  private final Address.Network destination;
  private final Result result;
  private final Deadline deadline;
  private final long limitNanos;
  private final Channel channel;

  private boolean over;
  @Nullable private ChannelHandler decoder;

  /** Is told the end, once. */
  interface Result {

    /** Whatever is sent from now on arrives at the destination. */
    void tunnelled();

    /**
     * The proxy did not do it.
     *
     * @param problem what it did, as the end of a sentence; no password
     * @param cause the native error, or null
     */
    void refused(String problem, @Nullable Throwable cause);
  }

  private SocksHandshake(
      Channel channel,
      SocksProxy proxy,
      Address.Network destination,
      Duration limit,
      Result result) {
    this.channel = channel;
    this.proxy = proxy;
    this.destination = destination;
    this.result = result;
    this.limitNanos = limit.toNanos();
    this.deadline =
        new Deadline(
            channel.eventLoop(),
            () -> refused("it gave no answer within " + limit.toMillis() + " ms", null));
  }

  /**
   * Begins.
   *
   * @param channel connected to the proxy; on its event loop
   * @param proxy what to say to it
   * @param destination where to
   * @param limit how long it may take altogether
   * @param result told the end
   */
  static void begin(
      Channel channel,
      SocksProxy proxy,
      Address.Network destination,
      Duration limit,
      Result result) {
    new SocksHandshake(channel, proxy, destination, limit, result).begin();
  }

  private void begin() {
    Channels.append(channel, Socks5ClientEncoder.DEFAULT, this);
    deadline.arm(limitNanos);
    List<Socks5AuthMethod> methods =
        proxy.credentials().isPresent()
            ? List.of(Socks5AuthMethod.PASSWORD, Socks5AuthMethod.NO_AUTH)
            : List.of(Socks5AuthMethod.NO_AUTH);
    ask(new DefaultSocks5InitialRequest(methods), new Socks5InitialResponseDecoder());
  }

  private void ask(Socks5Message question, ChannelHandler answers) {
    removeDecoder();
    decoder = answers;
    channel.pipeline().addBefore(channel.pipeline().context(this).name(), null, answers);
    channel
        .writeAndFlush(question)
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                refused("the connection to it broke", written.cause());
              }
            });
    channel.read();
  }

  private void removeDecoder() {
    ChannelHandler last = decoder;
    decoder = null;
    if (last != null) {
      channel.pipeline().remove(last);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (over || !(message instanceof Socks5Message answer)) {
      context.fireChannelRead(message);
    } else if (answer.decoderResult().isFailure()) {
      refused("what it answers is no SOCKS5", answer.decoderResult().cause());
    } else if (answer instanceof Socks5InitialResponse chosen) {
      authenticate(chosen.authMethod());
    } else if (answer instanceof Socks5PasswordAuthResponse verdict) {
      if (verdict.status().equals(Socks5PasswordAuthStatus.SUCCESS)) {
        askForConnection();
      } else {
        refused("it does not accept user and password of via-socks5", null);
      }
    } else if (answer instanceof Socks5CommandResponse reply) {
      if (reply.status().equals(Socks5CommandStatus.SUCCESS)) {
        succeeded();
      } else {
        refused("it answered " + reply.status(), null);
      }
    }
  }

  private void authenticate(Socks5AuthMethod method) {
    Optional<SocksProxy.Credentials> known = proxy.credentials();
    if (method.equals(Socks5AuthMethod.NO_AUTH)) {
      askForConnection();
    } else if (method.equals(Socks5AuthMethod.PASSWORD) && known.isPresent()) {
      ask(
          new DefaultSocks5PasswordAuthRequest(known.get().user(), known.get().password()),
          new Socks5PasswordAuthResponseDecoder());
    } else {
      refused(
          known.isPresent()
              ? "it wants another way to authenticate than user and password"
              : "it wants a user and a password; write them into via-socks5",
          null);
    }
  }

  private void askForConnection() {
    ask(
        new DefaultSocks5CommandRequest(
            Socks5CommandType.CONNECT, type(), host(), destination.port()),
        new Socks5CommandResponseDecoder());
  }

  private Socks5AddressType type() {
    if (NetUtil.isValidIpV4Address(destination.host())) {
      return Socks5AddressType.IPv4;
    }
    return NetUtil.isValidIpV6Address(destination.host())
        ? Socks5AddressType.IPv6
        : Socks5AddressType.DOMAIN;
  }

  /** A zone means something on this machine only. */
  private String host() {
    String host = destination.host();
    int zone = host.indexOf('%');
    return zone < 0 ? host : host.substring(0, zone);
  }

  private void succeeded() {
    end();
    result.tunnelled();
    // Hands over what the destination said at once.
    removeDecoder();
    channel.pipeline().remove(this);
  }

  private void refused(String problem, @Nullable Throwable cause) {
    if (!over) {
      end();
      result.refused(problem, cause);
    }
  }

  private void end() {
    over = true;
    deadline.stop();
    channel.pipeline().remove(Socks5ClientEncoder.class);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (over) {
      context.fireChannelReadComplete();
    } else {
      context.read();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refused("the connection to it broke", cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refused("it closed the connection", null);
    context.fireChannelInactive();
  }
}
