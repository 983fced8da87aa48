package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.testing.TestPki.Authority;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

class QuicTrustTest {

  private static final Authority ROOT = Authority.named("root");

  private final QuicTrust trust;
  private final SSLEngine engine;

  QuicTrustTest() throws GeneralSecurityException {
    CertificateEntry root = new CertificateEntry("root", ROOT.certificate().getEncoded());
    trust =
        new QuicTrust(
            (X509ExtendedTrustManager)
                ClientTrust.exactly(new TrustStore("test", List.of(root))).getTrustManagers()[0]);
    engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
  }

  /** Any reason will do: here that the certificate is of no handshake. */
  private void expectRefused() {
    X509Certificate[] chain = {ROOT.issue("localhost").certificate()};
    assertThatThrownBy(() -> trust.checkServerTrusted(chain, "UNKNOWN", engine))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void remembersWhyAPeerWasRefused() {
    trust.expect(engine);
    assertThat(trust.refusal(engine)).isEmpty();
    expectRefused();
    assertThat(trust.refusal(engine)).isPresent();
  }

  @Test
  void forgetsARefusalThatNobodyAskedFor() {
    trust.expect(engine);
    expectRefused();
    trust.forget(engine);
    assertThat(trust.refusal(engine)).isEmpty();
  }

  @Test
  void remembersNoRefusalThatComesWhenNobodyAsksAnyMore() {
    trust.expect(engine);
    trust.forget(engine);
    expectRefused();
    assertThat(trust.refusal(engine)).isEmpty();
  }
}
