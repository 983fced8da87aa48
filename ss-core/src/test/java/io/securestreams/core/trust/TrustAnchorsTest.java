package io.securestreams.core.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.PolicyException;
import io.securestreams.core.policy.TrustStore;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

class TrustAnchorsTest {

  private final Issued rsa = Issued.rsa("one");
  private final Issued ec = Issued.ec("two");

  @Test
  void holdsTheCertificatesOfTheStoreInOrder() {
    TrustStore store =
        new TrustStore("t", List.of(rsa.certificateEntry("a"), ec.certificateEntry("b")));

    TrustAnchors anchors = TrustAnchors.of(store);

    assertThat(anchors.name()).isEqualTo("t");
    assertThat(anchors.certificates()).containsExactly(rsa.certificate(), ec.certificate());
  }

  @Test
  void trustsExactlyTheseAndNothingOfThePlatform() throws GeneralSecurityException {
    TrustStore store =
        new TrustStore("t", List.of(ec.certificateEntry("b"), rsa.certificateEntry("a")));

    KeyStore keyStore = TrustAnchors.of(store).keyStore();

    assertThat(Collections.list(keyStore.aliases())).hasSize(2);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(keyStore);
    TrustManager[] managers = factory.getTrustManagers();
    assertThat(((X509TrustManager) managers[0]).getAcceptedIssuers())
        .containsExactlyInAnyOrder(ec.certificate(), rsa.certificate());
  }

  @Test
  void aKeyIsNoAuthority() {
    TrustStore store = new TrustStore("t", List.of(ec.keyEntry("k")));

    assertThatThrownBy(() -> TrustAnchors.of(store))
        .isInstanceOf(PolicyException.class)
        .hasMessage("trust store 't': 'k' is not a certificate");
  }
}
