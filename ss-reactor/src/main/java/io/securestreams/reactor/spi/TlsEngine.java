package io.securestreams.reactor.spi;

/** What encrypts the connections of clients. Whom they trust does not depend on it. */
public enum TlsEngine {
  /** BoringSSL or OpenSSL where {@code netty-tcnative} is on the class path, else the JDK. */
  NATIVE_IF_PRESENT,
  /** The JDK. */
  JDK
}
