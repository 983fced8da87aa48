package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Accepted streams whose events go to callbacks. */
class ServedHandlerTest {

  private static final String POLICY =
      """
      {"s":[
       {"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
                "metadata":[{"method":"","path":"","mime":"content-type:"}]}},
       {"chunks":{"server":true,"port":81,"protocol":"h1","http_no_content_length":true,
                  "metadata":[{"method":"","path":""}]}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler handler = new ScriptedHandler();

  @Test
  void answersOneRequestAfterTheOtherOnAKeptConnection() {
    handler
        .inside("SERVER_TXN", stream -> acknowledge(stream, 0, 5))
        .give("hello", MessageFlags.SOM_EOM)
        .give("again", MessageFlags.SOM_EOM);
    TestLink link = serve("site");

    link.asks("GET").written(1).answered();
    link.asks("GET").written(1).answered();
    link.drop();

    assertThat(link.answers()).containsExactly("200 LENGTH 5", "200 LENGTH 5");
    assertThat(link.sent()).containsExactly("hello:SOM|EOM", "again:SOM|EOM");
    assertThat(handler.all())
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_TXN",
            "tx#0",
            "SERVER_TXN",
            "tx#1",
            "DISCONNECTED",
            "DESTROYING");
  }

  @Test
  void takesTheBodyOfARequest() {
    handler
        .inside("SERVER_TXN", stream -> acknowledge(stream, 0, 5))
        .give("hello", MessageFlags.SOM_EOM);
    TestLink link = serve("site");

    link.asks("POST").frame("8 bytes!", MessageFlags.SOM).frame("", MessageFlags.EOM);

    assertThat(link.answers()).containsExactly("200 LENGTH 5");
    assertThat(handler.all())
        .containsExactlyInAnyOrder(
            "CREATING", "CONNECTING", "CONNECTED", "SERVER_TXN", "tx#0", "rx(8,SOM)", "rx(0,EOM)");
  }

  @Test
  void waitsWithTheAnswerUntilItsHandlerWantsTx() {
    TestLink link = serve("site");
    link.asks("POST").frame("8 bytes!", MessageFlags.SOM);
    assertThat(link.answers()).isEmpty();
    handler.inside("rx", stream -> acknowledge(stream, 201, 2)).give("ok", MessageFlags.SOM_EOM);

    link.frame("", MessageFlags.EOM);

    assertThat(link.answers()).containsExactly("201 LENGTH 2");
    assertThat(handler.all()).endsWith("rx(8,SOM)", "rx(0,EOM)", "tx#0");
  }

  @ParameterizedTest(name = "serverAck({0}) is {1}")
  @CsvSource({"0,200", "204,204", "403,403", "599,599", "1,500", "99,500", "600,500", "-7,500"})
  void sendsTheStatusThatWasAcknowledged(int code, int status) {
    handler.inside("SERVER_TXN", stream -> acknowledge(stream, code, 5));
    TestLink link = serve("site");

    link.asks("GET");

    assertThat(link.answers()).containsExactly(status + " LENGTH 5");
  }

  @Test
  void answersNotFoundWhenNothingWasAcknowledged() {
    handler
        .inside("SERVER_TXN", stream -> stream.requestTxLen(5))
        .give("sorry", MessageFlags.SOM_EOM);
    TestLink link = serve("site");

    link.asks("GET");

    assertThat(link.answers()).containsExactly("404 LENGTH 5");
    assertThat(link.sent()).containsExactly("sorry:SOM|EOM");
  }

  @Test
  void acknowledgesEachRequestAnew() {
    handler.onFirst(
        "SERVER_TXN",
        stream -> {
          acknowledge(stream, 0, 0);
          return StreamReturn.OK;
        });
    TestLink link = serve("site");
    link.asks("GET").answered();
    handler.inside("SERVER_TXN", SecureStream::requestTx);

    link.asks("GET");

    assertThat(link.answers()).containsExactly("200 NONE", "404 NONE");
  }

  @Test
  void answersWithoutBodyWhenNoLengthWasAnnounced() {
    handler.inside("SERVER_TXN", stream -> acknowledge(stream, 0, -1));
    TestLink link = serve("site");

    link.asks("GET");

    assertThat(link.answers()).containsExactly("200 NONE");
    assertThat(handler.all()).endsWith("SERVER_TXN");
  }

  @Test
  void answersInChunksWhenThePolicyWantsNoLengths() {
    handler
        .inside("SERVER_TXN", stream -> acknowledge(stream, 0, -1))
        .requestForEachPiece()
        .give("a", MessageFlags.SOM)
        .give("b", MessageFlags.EOM);
    TestLink link = serve("chunks");

    link.asks("GET");

    assertThat(link.answers()).containsExactly("200 CHUNKED");
    assertThat(link.sent()).containsExactly("a:SOM", "b:EOM");
  }

  @Test
  void asksForNoBodyOfAHead() {
    handler.inside("SERVER_TXN", stream -> acknowledge(stream, 0, 5));
    TestLink link = serve("site");

    link.asks("HEAD").answered();

    assertThat(link.answers()).containsExactly("200 LENGTH 5");
    assertThat(handler.all()).endsWith("SERVER_TXN");
  }

  @Test
  void doesNotAnswerADeferredRequestForAnEarlierWish() {
    handler.onFirst(
        "SERVER_TXN",
        stream -> {
          acknowledge(stream, 0, -1);
          return StreamReturn.OK;
        });
    TestLink link = serve("site");
    link.asks("GET").answered();

    link.asks("GET");

    assertThat(link.answers()).containsExactly("200 NONE");
  }

  @Test
  void forgetsTheMetadataOfTheRequestBefore() {
    handler.onFirst(
        "SERVER_TXN",
        stream -> {
          stream.metadata("mime", "text/plain");
          acknowledge(stream, 0, -1);
          return StreamReturn.OK;
        });
    TestLink link = serve("site");
    link.asks("GET", new MetadataValue("path", "/a"));
    Header mime = new Header("content-type", "text/plain");
    assertThat(link.lastAnswer().headers()).containsExactly(mime);
    link.answered();
    handler.inside("SERVER_TXN", stream -> acknowledge(stream, 0, -1));

    link.asks("GET");

    assertThat(link.lastAnswer().headers()).isEmpty();
  }

  @ParameterizedTest(name = "{0} in SERVER_TXN")
  @EnumSource(names = {"DISCONNECT_ME", "DESTROY_ME", "HANDLE_DESTROYED"})
  void closesWithoutAnswerWhenARequestIsRefused(StreamReturn result) {
    handler.answer("SERVER_TXN", result);
    TestLink link = serve("site");

    link.asks("GET");

    assertThat(link.answers()).isEmpty();
    assertThat(link.closes()).hasSize(1);
    assertThat(handler.all()).endsWith("SERVER_TXN", "DISCONNECTED", "DESTROYING");
  }

  @ParameterizedTest(name = "{0} refuses the connection")
  @EnumSource(names = {"DISCONNECT_ME", "DESTROY_ME"})
  void refusesAConnectionInConnecting(StreamReturn result) {
    handler.answer("CONNECTING", result);

    TestLink link = serve("site");

    assertThat(link.closes()).hasSize(1);
    assertThat(handler.all()).containsExactly("CREATING", "CONNECTING", "DESTROYING");
  }

  @Test
  void speaksWebSocketAfterTheUpgrade() {
    handler.inside("rx", SecureStream::requestTx).give("pong", MessageFlags.SOM_EOM);
    TestLink link = serve("site");

    link.upgrades().message("ping!");
    link.drop();

    assertThat(link.sent()).containsExactly("pong:SOM|EOM");
    assertThat(handler.all())
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "CONNECTED",
            "SERVER_UPGRADE",
            "rx(5,SOM|EOM)",
            "tx#0",
            "DISCONNECTED",
            "DESTROYING");
  }

  @Test
  void closesAWebSocketWhoseUpgradeIsRefused() {
    handler.answer("SERVER_UPGRADE", StreamReturn.DISCONNECT_ME);
    TestLink link = serve("site");

    link.upgrades();

    assertThat(link.closes()).hasSize(1);
    assertThat(handler.all()).endsWith("SERVER_UPGRADE", "DISCONNECTED", "DESTROYING");
  }

  private TestLink serve(String streamType) {
    context.streams().serve(streamType, handler);
    return context.server().connect();
  }

  private static void acknowledge(SecureStream stream, int code, long length) {
    ((AcceptedStream) stream).serverAck(code);
    if (length < 0) {
      stream.requestTx();
    } else {
      stream.requestTxLen(length);
    }
  }
}
