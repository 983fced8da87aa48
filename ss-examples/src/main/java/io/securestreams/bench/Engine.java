package io.securestreams.bench;

import io.netty.handler.ssl.SslProvider;

/** What runs TLS in the client. */
public enum Engine {
  /** The JDK. */
  JDK(SslProvider.JDK),
  /** BoringSSL through Netty. */
  BORINGSSL(SslProvider.OPENSSL);

  private final SslProvider provider;

  Engine(SslProvider provider) {
    this.provider = provider;
  }

  /** Netty's name for it. */
  SslProvider provider() {
    return provider;
  }
}
