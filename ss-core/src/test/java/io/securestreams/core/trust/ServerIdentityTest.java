package io.securestreams.core.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.CertificateEntry;
import org.junit.jupiter.api.Test;

class ServerIdentityTest {

  private final Issued rsa = Issued.rsa("site");
  private final Issued ec = Issued.ec("other");

  @Test
  void joinsACertificateAndItsKey() {
    CertificateEntry key = new CertificateEntry("k", rsa.traditional());

    ServerIdentity identity = ServerIdentity.of(rsa.certificateEntry("c"), key);

    assertThat(identity.certificate()).isEqualTo(rsa.certificate());
    assertThat(identity.privateKey()).isEqualTo(rsa.pair().getPrivate());
    assertThat(identity).hasToString("ServerIdentity[CN=site]");
  }

  @Test
  void refusesWhatDoesNotBelongTogether() {
    refuses(rsa.certificateEntry("c"), ec.keyEntry("k"), "private key 'k' does not match");
    refuses(rsa.keyEntry("k"), rsa.keyEntry("k"), "'k' is not a certificate");
    refuses(rsa.certificateEntry("c"), rsa.certificateEntry("c"), "'c' is not a private key");
  }

  private static void refuses(CertificateEntry certificate, CertificateEntry key, String message) {
    assertThatThrownBy(() -> ServerIdentity.of(certificate, key))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining(message);
  }
}
