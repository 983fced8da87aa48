package io.securestreams.reactor.netty;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies the peers of QUIC connections, and remembers why one was refused: the connection itself
 * fails with the same words whatever was wrong with the certificate.
 */
final class QuicTrust extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager judge;
  private final Map<SSLEngine, Optional<CertificateException>> refusals = new ConcurrentHashMap<>();

  QuicTrust(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  /** From now on to {@link #forget} the peer of a connection may be refused. */
  void expect(SSLEngine engine) {
    refusals.put(engine, Optional.empty());
  }

  /** Why the peer of an expected connection was refused; empty if it was not, or not yet. */
  Optional<CertificateException> refusal(SSLEngine engine) {
    return refusals.getOrDefault(engine, Optional.empty());
  }

  /** Nobody will ask for the connection any more, though its peer may still be judged. */
  void forget(SSLEngine engine) {
    refusals.remove(engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      judge.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException refused) {
      refusals.replace(engine, Optional.of(refused));
      throw refused;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    judge.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
