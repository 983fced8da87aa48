package io.securestreams.reactor.transport.http.h2;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.reactor.netty.Alpn;
import io.securestreams.reactor.netty.Dialer;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.http.ConnectionKey;
import io.securestreams.reactor.transport.http.SharedConnection;
import reactor.core.Disposable;
import reactor.netty.NettyPipeline;

/** Opens h2 connections: by ALPN, or without asking. */
public final class H2Opener implements SharedConnection.Opener {

  private final Dialer dialer;
  private final TransportSettings settings;

  public H2Opener(Dialer dialer, TransportSettings settings) {
    this.dialer = dialer;
    this.settings = settings;
  }

  @Override
  public Disposable open(ConnectionKey key, SharedConnection.Opening opening) {
    boolean asks = key.wire() == HttpWire.H2;
    return dialer.dial(
        key.target(),
        asks ? Alpn.HTTP_2 : Alpn.NOTHING,
        new Dialer.Caller() {
          @Override
          public void timed(ConnectionTimings timings) {
            opening.timed(timings);
          }

          @Override
          public void connected(Channel channel) {
            if (asks && !choseH2(channel)) {
              opening.openedSingle(channel);
            } else {
              opening.opened(install(key, channel, opening));
            }
          }

          @Override
          public void failed(LinkException cause) {
            opening.failed(cause);
          }
        });
  }

  private static boolean choseH2(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
  }

  private SharedConnection install(
      ConnectionKey key, Channel channel, SharedConnection.Opening opening) {
    H2ClientConnection connection =
        new H2ClientConnection(
            H2Codec.client(key, settings.headerBytes()), key, channel, settings, opening);
    channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, "securestreams.h2", connection);
    channel.config().setAutoRead(true);
    return connection;
  }
}
