package io.securestreams.reactor.netty;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.securestreams.core.plan.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Puts TLS upon a connection. */
final class TlsHandshake {

  private TlsHandshake() {}

  /**
   * Begins. The peer is told the name that it is wanted by, and verified against it; an address is
   * verified only. Source: RFC 6066 section 3, RFC 9525.
   *
   * @param channel connected; on its event loop
   * @param context whom to trust
   * @param target whose certificate is wanted
   * @param limit how long it may take
   * @return completes on the event loop
   */
  static Future<Channel> begin(Channel channel, SslContext context, Target target, Duration limit) {
    String host = withoutRoot(target.host());
    SslHandler handler = context.newHandler(channel.alloc(), host, target.port());
    handler.setHandshakeTimeoutMillis(limit.toMillis());
    if (!Attempt.isLiteral(host)) {
      tell(handler.engine(), host);
    }
    Channels.append(channel, handler);
    channel.read();
    return handler.handshakeFuture();
  }

  private static void tell(SSLEngine engine, String host) {
    SSLParameters parameters = engine.getSSLParameters();
    // As bytes, because names of hosts in use have underscores.
    parameters.setServerNames(List.of(new SNIHostName(host.getBytes(StandardCharsets.US_ASCII))));
    engine.setSSLParameters(parameters);
  }

  /** Certificates and SNI have names without the dot at their end. */
  private static String withoutRoot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
