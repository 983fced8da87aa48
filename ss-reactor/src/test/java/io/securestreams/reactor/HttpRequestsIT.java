package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.HttpPeer;
import io.securestreams.reactor.testing.HttpPeer.Asked;
import io.securestreams.reactor.testing.HttpPeer.Reply;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPki;
import io.securestreams.reactor.testing.TestPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What policies can ask of requests and responses, against servers of other makes. */
@ExtendWith(LeakCheck.class)
class HttpRequestsIT {

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void anUploadInPartsIsReadByAnotherParser(HttpPeer.Make make) {
    HttpPeer peer = stage.with(make.answering(asked -> Reply.of(200, "thanks")));
    SecureStreams streams = stage.streams(uploads(peer.port()));

    upload(streams, List.of(Payload.utf8("HELLO"), Payload.utf8("AUDIO")));

    Asked asked = peer.asked().get(0);
    assertThat(asked.headers()).containsEntry("content-length", "268");
    assertThat(asked.body()).hasSize(268);
    assertThat(asked.headers().get("content-type"))
        .matches("multipart/form-data; boundary=\"[A-Za-z0-9]{12}\"");
    assertThat(parsed(asked))
        .containsExactly("metadata HELLO", "audio a.wav application/octet-stream AUDIO");
  }

  @Test
  void anUploadOfUnknownLengthIsChunked() {
    HttpPeer peer = stage.with(HttpPeer.Make.JETTY.answering(asked -> Reply.of(200, "thanks")));
    SecureStream stream = stage.streams(uploads(peer.port())).open("mp");
    Flux<Payload> pieces = Flux.range(0, 100).map(i -> Payload.utf8("x".repeat(1000)));

    StepVerifier.create(
            stream
                .events()
                .map(EventLog::text)
                .takeUntil("DISCONNECTED"::equals)
                .ignoreElements()
                .and(Mono.when(stream.tx().send(Payload.utf8("HELLO")), stream.tx().send(pieces))))
        .expectComplete()
        .verify(SOON);

    assertThat(peer.asked()).hasSize(1);
    assertThat(peer.asked().get(0).headers()).containsEntry("transfer-encoding", "chunked");
    assertThat(parsed(peer.asked().get(0)).get(1))
        .hasSize("audio a.wav application/octet-stream ".length() + 100_000)
        .endsWith("xxx");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void aFormHasOneTypeAndOneTrueLength(HttpPeer.Make make) {
    HttpPeer peer = stage.with(make.answering(asked -> Reply.of(200, "thanks")));
    SecureStreams streams =
        stage.streams(client(peer.port(), "'http_method':'POST','http_www_form_urlencoded':true"));
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("a", "1");
    fields.put("b", "two words");

    streams.exchange("x", Payload.form(fields)).block(SOON);

    Asked asked = peer.asked().get(0);
    assertThat(asked.headers())
        .containsEntry("content-type", "application/x-www-form-urlencoded")
        .containsEntry("content-length", "15");
    assertThat(new String(asked.body(), UTF_8)).isEqualTo("a=1&b=two+words");
  }

  @Test
  void aTokenIsReadForEachRequest() {
    HttpPeer peer = stage.with(HttpPeer.Make.JETTY.answering(asked -> Reply.of(200, "")));
    SystemBlobs blobs = new SystemBlobs().set(BlobKind.AUTH, Blob.utf8("old"));
    SecureStreams streams =
        stage.streams(
            client(
                peer.port(),
                "'http_method':'GET','http_auth_header':'authorization:',"
                    + "'http_auth_preamble':'Bearer '"),
            builder -> builder.blobs(blobs));

    streams.exchange("x").block(SOON);
    blobs.set(BlobKind.AUTH, Blob.utf8("new"));
    streams.exchange("x").block(SOON);

    assertThat(peer.asked())
        .extracting(asked -> asked.headers().get("authorization"))
        .containsExactly("Bearer old", "Bearer new");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(HttpPeer.Make.class)
  void cookiesComeBackWhereTheyBelong(HttpPeer.Make make) {
    HttpPeer peer =
        stage.with(
            make.answering(
                asked -> {
                  Reply reply = Reply.of(200, "");
                  return switch (asked.path()) {
                    case "/set/all" -> reply.with("Set-Cookie", "sid=1; Path=/; HttpOnly");
                    case "/set/here" -> reply.with("Set-Cookie", "here=2");
                    case "/set/safe" -> reply.with("Set-Cookie", "safe=3; Path=/; Secure");
                    case "/set/gone" -> reply.with("Set-Cookie", "sid=; Path=/; Max-Age=0");
                    case "/set/else" -> reply.with("Set-Cookie", "x=4; Domain=example.org");
                    default -> reply;
                  };
                }));
    SecureStreams streams =
        stage.streams(
            client(
                peer.port(),
                "'http_method':'GET','http_url':'${path}','metadata':[{'path':''}],"
                    + "'http_cookies':true"));

    for (String path : List.of("set/all", "set/here", "set/safe", "set/else", "", "settle")) {
      get(streams, path);
    }
    get(streams, "set/gone");
    get(streams, "set/x");

    assertThat(peer.asked())
        .extracting(asked -> asked.headers().getOrDefault("cookie", "-"))
        .containsExactly(
            "-",
            "sid=1",
            "here=2; sid=1",
            "here=2; sid=1",
            "sid=1",
            "sid=1",
            "here=2; sid=1",
            "here=2");
  }

  @Test
  void secureCookiesComeBackOverTls() {
    TestPki.Authority authority = TestPki.Authority.named("own");
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JDK.answering(
                authority.issue("localhost").serverContext(),
                asked -> Reply.of(200, "").with("Set-Cookie", "safe=3; Secure")));
    SecureStreams streams =
        stage.streams(
            new TestPolicy()
                .trust("own", authority)
                .client(
                    "x",
                    "h1",
                    peer.port(),
                    "'tls':true,'tls_trust_store':'own','http_method':'GET',"
                        + "'http_cookies':true"));

    streams.exchange("x").block(SOON);
    streams.exchange("x").block(SOON);

    assertThat(peer.asked())
        .extracting(asked -> asked.headers().getOrDefault("cookie", "-"))
        .containsExactly("-", "safe=3");
  }

  @ParameterizedTest(name = "{0} after {1}")
  @CsvSource({
    "301, POST, GET, 0",
    "302, POST, GET, 0",
    "303, PUT, GET, 0",
    "307, POST, POST, 5",
    "308, PUT, PUT, 5",
  })
  void redirectsAreOneAttempt(int status, String method, String next, int bytes) {
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JETTY.answering(
                asked ->
                    asked.path().equals("/there?x")
                        ? Reply.of(200, "here")
                        : Reply.of(status, "").with("Location", "/there?x")));
    SecureStream stream =
        stage
            .streams(client(peer.port(), "'http_method':'" + method + "','allow_redirects':true"))
            .open("x");

    StepVerifier.create(stream.events().map(EventLog::text).takeUntil("DISCONNECTED"::equals))
        .expectNext("CREATING")
        .then(() -> stream.tx().tryEmitNext(Payload.utf8("hello")).orThrow())
        .expectNext("POLL", "CONNECTING", "CONNECTED", "rx(4,SOM)", "rx(0,EOM)")
        .expectNext("QOS_ACK_REMOTE", "DISCONNECTED")
        .expectComplete()
        .verify(SOON);

    assertThat(peer.asked()).hasSize(2);
    assertThat(peer.asked().get(1).method()).isEqualTo(next);
    assertThat(peer.asked().get(1).body()).hasSize(bytes);
  }

  @Test
  void aBodyInPiecesIsReplayedAndItsSendCompletes() {
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JETTY.answering(
                asked ->
                    asked.path().equals("/there")
                        ? Reply.of(200, "" + asked.body().length)
                        : Reply.of(307, "").with("Location", "/there")));
    SecureStream stream =
        stage.streams(client(peer.port(), "'http_method':'POST','allow_redirects':true")).open("x");
    Flux<Payload> pieces = Flux.range(0, 200).map(i -> Payload.utf8("x".repeat(1000)));

    StepVerifier.create(
            stream
                .events()
                .map(EventLog::text)
                .takeUntil("DISCONNECTED"::equals)
                .ignoreElements()
                .and(stream.tx().send(pieces, 200_000)))
        .expectComplete()
        .verify(SOON);

    assertThat(peer.asked()).hasSize(2);
    assertThat(peer.asked().get(1).body()).hasSize(200_000);
  }

  @ParameterizedTest(name = "{0} bytes, {1} redirects")
  @CsvSource({"5, 4, CONNECTED", "5, 5, UNREACHABLE", "2000000, 1, UNREACHABLE"})
  void redirectsAndBodiesAreBounded(int bytes, int redirects, String state) {
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JETTY.answering(
                asked -> {
                  int hop =
                      asked.path().equals("/") ? 0 : Integer.parseInt(asked.path().substring(1));
                  return hop == redirects
                      ? Reply.of(200, "here")
                      : Reply.of(307, "").with("Location", "/" + (hop + 1));
                }));
    SecureStream stream =
        stage.streams(client(peer.port(), "'http_method':'POST','allow_redirects':true")).open("x");
    stream.tx().tryEmitNext(Payload.of(new byte[bytes])).orThrow();

    StepVerifier.create(stream.events().map(EventLog::text).skip(3).take(1))
        .expectNext(state)
        .expectComplete()
        .verify(SOON);
  }

  @Test
  void credentialsStayWithTheirHost() {
    HttpPeer there = stage.with(HttpPeer.Make.JETTY.answering(asked -> Reply.of(200, "")));
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JETTY.answering(
                asked ->
                    asked.path().equals("/")
                        ? Reply.of(302, "").with("Location", "/same")
                        : Reply.of(302, "")
                            .with("Location", "http://127.0.0.1:" + there.port() + "/")));
    SecureStreams streams =
        stage.streams(
            client(
                peer.port(),
                "'http_method':'GET','allow_redirects':true,'http_auth_header':'x-token:'"),
            builder -> builder.blobs(new SystemBlobs().set(BlobKind.AUTH, Blob.utf8("t"))));

    streams.exchange("x").block(SOON);

    assertThat(peer.asked())
        .extracting(asked -> asked.headers().get("x-token"))
        .containsExactly("t", "t");
    assertThat(there.asked().get(0).headers()).doesNotContainKey("x-token");
  }

  @ParameterizedTest(name = "cut into {0} bytes")
  @CsvSource({"1", "7", "1000"})
  void partsOfAResponseAreMessages(int cut) {
    String body =
        "--BND\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n"
            + "--BND\r\nContent-Type: audio/mpeg\r\n\r\nAUDIO\r\n--BND--\r\n";
    HttpPeer peer = stage.with(HttpPeer.Make.JETTY.answering(asked -> parts(body, cut)));
    SecureStream stream =
        stage
            .streams(client(peer.port(), "'http_method':'GET','http_multipart_ss_in':true"))
            .open("x");
    StringBuilder seen = new StringBuilder();

    StepVerifier.create(
            stream
                .events()
                .doOnSubscribe(subscribed -> stream.connect())
                .doOnNext(event -> note(seen, event))
                .map(EventLog::text)
                .takeUntil("DISCONNECTED"::equals)
                .limitRate(1)
                .filter(text -> !text.startsWith("rx")))
        .expectNext("CREATING", "CONNECTING", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED")
        .expectComplete()
        .verify(SOON);

    assertThat(seen)
        .hasToString(
            "(RELATED_START)"
                + "(SOM)Content-Type: application/json\r\n\r\n{\"a\":1}(EOM)"
                + "(SOM)Content-Type: audio/mpeg\r\n\r\nAUDIO(EOM|RELATED_END)");
  }

  @ParameterizedTest(name = "[{index}] {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "--BND\\r\\ncut off | (RELATED_START)(SOM)cut off(EOM) | QOS_NACK_REMOTE",
        "'' | (RELATED_START) | QOS_NACK_REMOTE",
        "--BND-- | (RELATED_START)(RELATED_END) | QOS_ACK_REMOTE",
      })
  void aBodyWithoutItsLastDelimiterIsNotAcknowledged(String body, String parts, String outcome) {
    String bytes = body.replace("\\r\\n", "\r\n");
    HttpPeer peer = stage.with(HttpPeer.Make.JETTY.answering(asked -> parts(bytes, 1000)));
    SecureStream stream =
        stage
            .streams(client(peer.port(), "'http_method':'GET','http_multipart_ss_in':true"))
            .open("x");
    StringBuilder seen = new StringBuilder();

    StepVerifier.create(
            stream
                .events()
                .doOnSubscribe(subscribed -> stream.connect())
                .doOnNext(event -> note(seen, event))
                .map(EventLog::text)
                .takeUntil("DISCONNECTED"::equals)
                .filter(text -> text.startsWith("QOS")))
        .expectNext(outcome)
        .expectComplete()
        .verify(SOON);

    assertThat(seen).hasToString(parts);
  }

  @Test
  void anyHeaderIsSetAndReadByItsName() {
    HttpPeer peer =
        stage.with(
            HttpPeer.Make.JETTY.answering(asked -> Reply.of(200, "").with("X-Answer", "42")));
    SecureStream stream =
        stage.streams(client(peer.port(), "'http_method':'GET','direct_proto_str':true")).open("x");
    stream.metadata("X-Question:", "6 by 9").metadata("x-other", "1").metadata("X-Other:", "2");
    stream.metadata("x-none", "1").metadata("X-None", (String) null);
    List<String> texts = new ArrayList<>();

    StepVerifier.create(
            stream
                .events()
                .doOnSubscribe(subscribed -> stream.connect())
                .map(EventLog::text)
                .doOnNext(texts::add)
                .takeUntil("DISCONNECTED"::equals)
                .filter("CONNECTED"::equals))
        .consumeNextWith(
            connected -> {
              assertThat(stream.metadata("x-answer")).contains("42");
              assertThat(stream.metadata("X-Answer:")).contains("42");
              assertThat(stream.metadata("x-question")).contains("6 by 9");
              assertThat(stream.metadata("x-nothing")).isEmpty();
            })
        .expectComplete()
        .verify(SOON);

    assertThat(peer.asked().get(0).headers())
        .containsEntry("x-question", "6 by 9")
        .containsEntry("x-other", "2")
        .doesNotContainKey("x-none");
    assertThat(texts).noneMatch(text -> text.contains("="));
  }

  private static void note(StringBuilder seen, StreamEvent event) {
    if (event instanceof PayloadEvent piece) {
      String flags = piece.flags().toString();
      String end = flags.replaceFirst("^SOM\\|?", "");
      seen.append(flags.startsWith("SOM") ? "(SOM)" : "")
          .append(piece.payload().utf8())
          .append(end.isEmpty() || end.equals("-") ? "" : "(" + end + ")");
    }
  }

  private static Reply parts(String body, int cut) {
    byte[] bytes = body.getBytes(ISO_8859_1);
    List<Reply.Piece> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += cut) {
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + cut));
      pieces.add(() -> piece);
    }
    return Reply.chunked(pieces.toArray(Reply.Piece[]::new))
        .with("Content-Type", "multipart/related; boundary=\"BND\"");
  }

  private static void get(SecureStreams streams, String path) {
    streams.exchange("x", stream -> stream.metadata("path", path)).block(SOON);
  }

  private static void upload(SecureStreams streams, List<Payload> parts) {
    SecureStream stream = streams.open("mp");
    StepVerifier.create(
            stream
                .events()
                .map(EventLog::text)
                .takeUntil("DISCONNECTED"::equals)
                .ignoreElements()
                .and(stream.tx().send(parts)))
        .expectComplete()
        .verify(SOON);
  }

  private static TestPolicy client(int port, String members) {
    return new TestPolicy().client("x", "h1", port, members + ",'opportunistic':true");
  }

  private static TestPolicy uploads(int port) {
    return new TestPolicy()
        .client(
            "rs2",
            "h1",
            port,
            "'http_method':'POST','http_multipart_name':'audio',"
                + "'http_multipart_filename':'a.wav',"
                + "'http_mime_content_type':'application/octet-stream'")
        .client(
            "mp",
            "h1",
            port,
            "'http_method':'POST','http_url':'mp','http_multipart_name':'metadata',"
                + "'http_mime_content_type':'application/json; charset=UTF-8',"
                + "'rideshare':'rs2','opportunistic':true");
  }

  /** What Netty's own decoder makes of an upload. */
  private static List<String> parsed(Asked asked) {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            asked.path(),
            Unpooled.wrappedBuffer(asked.body()));
    request.headers().set("content-type", asked.headers().get("content-type"));
    HttpPostRequestDecoder decoder =
        new HttpPostRequestDecoder(new DefaultHttpDataFactory(false), request);
    try {
      List<String> parts = new ArrayList<>();
      for (InterfaceHttpData data : decoder.getBodyHttpDatas()) {
        String facts =
            data instanceof FileUpload file
                ? file.getFilename() + " " + file.getContentType() + " "
                : "";
        parts.add(data.getName() + " " + facts + ((HttpData) data).getString());
      }
      return parts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      decoder.destroy();
      request.release();
    }
  }
}
