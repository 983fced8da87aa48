package io.securestreams.reactor.testing;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates of every quality for tests: P-256 keys, no chain between root and leaf. */
public final class TestPki {

  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());
  private static final char[] NO_PASSWORD = {};

  private TestPki() {}

  /** When a certificate is valid, seen from today. */
  public enum Validity {
    /** From yesterday until in a year. */
    CURRENT(-1, 365),
    /** Ended yesterday. */
    EXPIRED(-30, -1),
    /** Begins tomorrow. */
    NOT_YET(1, 30);

    private final int fromDay;
    private final int untilDay;

    Validity(int fromDay, int untilDay) {
      this.fromDay = fromDay;
      this.untilDay = untilDay;
    }
  }

  /**
   * A certificate with its key.
   *
   * @param certificate the certificate
   * @param key its private key
   */
  public record Identity(X509Certificate certificate, PrivateKey key) {

    /** The certificate as a policy holds it: DER in base64. */
    public String certificateText() {
      return text(certificate);
    }

    /** The private key as a policy holds it: PKCS#8 in base64. */
    public String keyText() {
      return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** A JDK context for a peer that shows this certificate. */
    public SSLContext serverContext() {
      return made(() -> context(keyManagers(), null));
    }

    /** The same for a peer that believes clients of an authority. */
    public SSLContext serverContext(Authority clients) {
      return made(() -> context(keyManagers(), clients.trustManagers()));
    }

    /** The same, counting how often the key is used. */
    public SSLContext serverContext(AtomicInteger proofs) {
      return made(
          () -> {
            X509ExtendedKeyManager keys = (X509ExtendedKeyManager) keyManagers()[0];
            return context(new KeyManager[] {new CountingKeys(keys, proofs)}, null);
          });
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
      KeyStore store = emptyStore();
      store.setKeyEntry("peer", key, NO_PASSWORD, new X509Certificate[] {certificate});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      return keys.getKeyManagers();
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust)
        throws GeneralSecurityException {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    }

    @Override
    public String toString() {
      return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }
  }

  /**
   * A root authority.
   *
   * @param certificate its own certificate
   * @param key its private key
   */
  public record Authority(X509Certificate certificate, PrivateKey key) {

    /** A new authority; two of the same name have different keys. */
    public static Authority named(String name) {
      KeyPair keys = keys();
      X500Name subject = new X500Name("CN=" + name);
      return new Authority(
          signed(subject, subject, keys, keys.getPrivate(), Validity.CURRENT, null),
          keys.getPrivate());
    }

    /** A valid server certificate for a host name or IP address. */
    public Identity issue(String host) {
      return issue(host, Validity.CURRENT);
    }

    /** A server certificate for a host name or IP address. */
    public Identity issue(String host, Validity validity) {
      KeyPair keys = keys();
      X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      return new Identity(
          signed(new X500Name("CN=" + host), issuer, keys, key, validity, host), keys.getPrivate());
    }

    /** The certificate as a policy holds it: DER in base64. */
    public String certificateText() {
      return text(certificate);
    }

    /** A JDK context for a client that trusts this authority only. */
    public SSLContext clientContext() {
      return made(
          () -> {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(), null);
            return context;
          });
    }

    /** Netty's context for a client of HTTP/2 that trusts this authority only. */
    public SslContext h2ClientContext() {
      return made(
          () ->
              SslContextBuilder.forClient()
                  .trustManager(certificate)
                  .applicationProtocolConfig(
                      new ApplicationProtocolConfig(
                          ApplicationProtocolConfig.Protocol.ALPN,
                          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                          ApplicationProtocolNames.HTTP_2))
                  .build());
    }

    private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
      KeyStore store = emptyStore();
      store.setCertificateEntry("root", certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust.getTrustManagers();
    }

    @Override
    public String toString() {
      return "Authority[" + certificate.getSubjectX500Principal() + "]";
    }
  }

  /** Counts how often a private key is asked for. */
  private static final class CountingKeys extends X509ExtendedKeyManager {

    private final X509ExtendedKeyManager keys;
    private final AtomicInteger uses;

    CountingKeys(X509ExtendedKeyManager keys, AtomicInteger uses) {
      this.keys = keys;
      this.uses = uses;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return keys.getClientAliases(type, issuers);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return keys.chooseClientAlias(types, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return keys.getServerAliases(type, issuers);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return keys.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      uses.incrementAndGet();
      return keys.getPrivateKey(alias);
    }
  }

  /** A valid certificate for a host that nobody vouches for. */
  public static Identity selfSigned(String host) {
    KeyPair keys = keys();
    X500Name name = new X500Name("CN=" + host);
    return new Identity(
        signed(name, name, keys, keys.getPrivate(), Validity.CURRENT, host), keys.getPrivate());
  }

  private static KeyPair keys() {
    return made(
        () -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec("secp256r1"));
          return generator.generateKeyPair();
        });
  }

  /** A certificate for a host, or for an authority if there is none. */
  private static X509Certificate signed(
      X500Name subject,
      X500Name issuer,
      KeyPair keys,
      PrivateKey signingKey,
      Validity validity,
      String host) {
    return made(
        () -> {
          Instant now = Instant.now();
          X509v3CertificateBuilder builder =
              new JcaX509v3CertificateBuilder(
                  issuer,
                  BigInteger.valueOf(SERIAL.incrementAndGet()),
                  Date.from(now.plus(Duration.ofDays(validity.fromDay))),
                  Date.from(now.plus(Duration.ofDays(validity.untilDay))),
                  subject,
                  keys.getPublic());
          builder.addExtension(
              Extension.basicConstraints, true, new BasicConstraints(host == null));
          if (host != null) {
            builder.addExtension(Extension.subjectAlternativeName, false, alternatives(host));
          }
          return new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signingKey)));
        });
  }

  private static GeneralNames alternatives(String host) {
    boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    return new GeneralNames(
        new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static String text(X509Certificate certificate) {
    return made(() -> Base64.getEncoder().encodeToString(certificate.getEncoded()));
  }

  private static <T> T made(Making<T> making) {
    try {
      return making.make();
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("a test certificate could not be made", e);
    }
  }

  private interface Making<T> {

    T make()
        throws GeneralSecurityException, IOException, CertIOException, OperatorCreationException;
  }
}
