package io.securestreams.tool;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.securestreams.examples.LocalAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The https server of the JDK: repeats what it was asked, or fails as the path says. */
record JdkHttpsServer(Optional<HttpsServer> server) implements AutoCloseable {

  static final JdkHttpsServer NONE = new JdkHttpsServer(Optional.empty());

  static JdkHttpsServer start(LocalAuthority authority)
      throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(authority)));
    server.createContext("/", JdkHttpsServer::answer);
    server.start();
    return new JdkHttpsServer(Optional.of(server));
  }

  int port() {
    return server.orElseThrow().getAddress().getPort();
  }

  @Override
  public void close() {
    server.ifPresent(running -> running.stop(0));
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    String request =
        exchange.getRequestMethod()
            + " "
            + path
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] body = request.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.getResponseHeaders().set("Set-Cookie", "sid=very-secret");
    exchange.sendResponseHeaders(status(path), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static int status(String path) {
    if (path.contains("portal")) {
      return 302;
    }
    if (path.contains("missing")) {
      return 404;
    }
    return path.contains("mapped") ? 530 : 200;
  }

  private static SSLContext context(LocalAuthority authority)
      throws IOException, GeneralSecurityException {
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(decode(authority.certificate())));
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(decode(authority.key())));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    store.setKeyEntry("server", key, new char[0], new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
