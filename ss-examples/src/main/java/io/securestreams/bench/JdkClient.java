package io.securestreams.bench;

import static io.securestreams.bench.BenchServer.BULK_BYTES;
import static io.securestreams.bench.BenchServer.PIECE_BYTES;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The JDK's own clients, on the common pool: with threads of their own they are slower here. */
final class JdkClient implements Contender {

  private final Server server;
  private final HttpClient client;
  private final byte[] piece = new byte[PIECE_BYTES];

  JdkClient(Server server) {
    this.server = server;
    client =
        HttpClient.newBuilder()
            .executor(ForkJoinPool.commonPool())
            .sslContext(trusting(server))
            .build();
  }

  private static SSLContext trusting(Server server) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", server.anchor());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS by the JDK", e);
    }
  }

  private HttpRequest.Builder request(Wire wire, String path) {
    boolean h2 = wire == Wire.H2C || wire == Wire.H2_TLS;
    return HttpRequest.newBuilder(
            URI.create(
                (wire.secure() ? "https://" : "http://")
                    + BenchServer.HOST
                    + ":"
                    + server.port(wire)
                    + path))
        .version(h2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
  }

  private <T> Mono<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    return Mono.fromCompletionStage(() -> client.sendAsync(request, handler))
        .map(HttpResponse::body);
  }

  @Override
  public Mono<Integer> get(Wire wire) {
    return send(request(wire, BenchServer.GET).build(), BodyHandlers.ofByteArray())
        .map(body -> body.length);
  }

  @Override
  public Mono<Long> download() {
    return send(request(Wire.H1, BenchServer.DOWNLOAD).build(), BodyHandlers.ofPublisher())
        .flatMap(
            body ->
                JdkFlowAdapter.flowPublisherToFlux(body)
                    .map(JdkClient::bytes)
                    .reduce(0L, Long::sum));
  }

  private static long bytes(List<ByteBuffer> buffers) {
    return buffers.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  @Override
  public Mono<Long> upload() {
    Flux<ByteBuffer> bulk =
        Flux.range(0, BULK_BYTES / PIECE_BYTES).map(i -> ByteBuffer.wrap(piece));
    HttpRequest request =
        request(Wire.H1, BenchServer.UPLOAD)
            .POST(
                BodyPublishers.fromPublisher(
                    JdkFlowAdapter.publisherToFlowPublisher(bulk), BULK_BYTES))
            .build();
    return send(request, BodyHandlers.ofString()).map(Long::valueOf);
  }

  @Override
  public EchoLine echo(byte[] message) {
    Line line = new Line(message);
    client
        .newWebSocketBuilder()
        .buildAsync(
            URI.create("ws://" + BenchServer.HOST + ":" + server.port(Wire.H1) + BenchServer.ECHO),
            line)
        .join();
    return line;
  }

  @Override
  public void close() {
    // Its threads end with the process.
  }

  /** One send at a time, as the JDK's WebSocket wants it. */
  private static final class Line extends EchoLine implements WebSocket.Listener {

    private final byte[] message;
    private @Nullable WebSocket socket;
    private CompletionStage<?> last = java.util.concurrent.CompletableFuture.completedStage(null);
    private int part;

    Line(byte[] message) {
      super(message.length);
      this.message = message;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
      socket = webSocket;
      webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
        WebSocket webSocket, ByteBuffer data, boolean end) {
      part += data.remaining();
      if (end) {
        int whole = part;
        part = 0;
        received(whole);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    void begin(Runnable sends) {
      sends.run();
    }

    @Override
    synchronized void send() {
      WebSocket open = java.util.Objects.requireNonNull(socket);
      last = last.thenCompose(sent -> open.sendBinary(ByteBuffer.wrap(message), true));
    }

    @Override
    public void close() {
      java.util.Objects.requireNonNull(socket).abort();
    }
  }
}
