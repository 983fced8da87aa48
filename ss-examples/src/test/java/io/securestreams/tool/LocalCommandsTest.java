package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.Payload;
import io.securestreams.core.policy.Protocol;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk, inside this process. */
class LocalCommandsTest {

  private static final String POLICY =
      """
      {
        "retry": [{ "quick": { "backoff": [1], "conceal": 1, "jitterpc": 1 } }],
        "s": [
          { "get": { "endpoint": "h", "port": 80, "protocol": "h1", "http_method": "GET",
                     "http_url": "items/${id}", "metadata": [{ "id": "" }, { "mime": "content-type:" }],
                     "opportunistic": true, "retry": "quick" } },
          { "post": { "endpoint": "h", "port": 80, "protocol": "h1", "http_method": "POST",
                      "opportunistic": true, "retry": "quick" } },
          { "ws": { "endpoint": "h", "port": 80, "protocol": "ws", "ws_subprotocol": "chat",
                    "opportunistic": true, "retry": "quick" } },
          { "nobody": { "endpoint": "h", "port": 81, "protocol": "h1", "http_method": "GET",
                        "opportunistic": true, "retry": "quick" } },
          { "site": { "server": true, "port": 80, "protocol": "h1", "ws_subprotocol": "chat",
                      "metadata": [{ "mime": "content-type:", "method": "", "path": "" }] } }
        ]
      }
      """;

  @TempDir private Path folder;

  private final Captured captured = new Captured();
  private final LocalTransport local = LocalTransport.create();
  private final SecureStreams peer = builder().policy(POLICY).build();
  private String policy = "";

  @BeforeEach
  void writePolicy() throws IOException {
    policy = Files.writeString(folder.resolve("policy.json"), POLICY).toString();
  }

  @AfterEach
  void closePeer() {
    peer.close();
  }

  @Test
  void aFetchEndsWhenTheStreamIsIdle() {
    serve(Answers.Kind.REPLY);

    assertThat(run("connect", policy, "get", "-m", "id=42", "--json")).isZero();

    assertThat(values("state"))
        .containsExactly("CREATING", "CONNECTING", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED");
    assertThat(captured.out()).contains("\"text\":\"a reply\"");
    assertThat(captured.err()).isEmpty();
  }

  @Test
  void messagesGoOutInOrderAndComeBack() {
    serve(Answers.Kind.ECHO);

    assertThat(run("connect", policy, "post", "--tx", "one", "--tx", "two", "--json")).isZero();

    assertThat(values("text")).containsExactly("one", "", "two", "");
    assertThat(captured.out())
        .contains("\"event\":\"tx\",\"ordinal\":0,\"len\":3}")
        .contains("\"event\":\"tx\",\"ordinal\":1,\"len\":3}");
    assertThat(values("state")).startsWith("CREATING", "POLL", "CONNECTING");
  }

  @Test
  void aRefusalEndsWithFour() {
    serve(Answers.Kind.NACK);

    assertThat(run("connect", policy, "get", "--json")).isEqualTo(4);
    assertThat(values("state")).last().isEqualTo("QOS_NACK_REMOTE");
  }

  @Test
  void exhaustedRetriesEndWithThree() {
    assertThat(run("connect", policy, "nobody", "--json")).isEqualTo(3);
    assertThat(values("state"))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "UNREACHABLE",
            "POLL",
            "CONNECTING",
            "UNREACHABLE",
            "ALL_RETRIES_FAILED");
  }

  @Test
  void aScriptedFailureIsToldWithItsKind() {
    serve(Answers.Kind.REPLY);
    local.failNext(FailureKind.TLS_EXPIRED);

    assertThat(run("connect", policy, "get", "--until", "UNREACHABLE")).isZero();
    assertThat(captured.out())
        .contains("UNREACHABLE  TLS_EXPIRED: ")
        .contains("next attempt in 1 ms");
  }

  @Test
  void aWebSocketMessageComesBack() {
    serve(Answers.Kind.ECHO);

    assertThat(run("connect", policy, "ws", "--tx", "hello", "--until", "eom", "--quiet")).isZero();
    assertThat(captured.out()).isEqualTo("hello");
  }

  /** A WebSocket stands in: its connection is a session too, and what is sent comes in pieces. */
  @Test
  void aByteStreamIsAnsweredPieceByPiece() {
    serve(Protocol.RAW, Answers.Kind.ECHO);

    assertThat(run("connect", policy, "ws", "--tx", "hello", "--until", "1", "--quiet")).isZero();
    assertThat(captured.out()).isEqualTo("hello");
  }

  @Test
  void aByteStreamIsRefusedByClosingIt() {
    serve(Protocol.RAW, Answers.Kind.NACK);

    assertThat(run("connect", policy, "ws", "--until", "DISCONNECTED", "--json")).isZero();
  }

  @Test
  void withoutConnectNothingHappens() {
    assertThat(run("connect", policy, "get", "--no-connect", "--for", "500ms", "--json"))
        .isEqualTo(1);
    assertThat(values("state")).containsExactly("CREATING");
  }

  @Test
  void anAskedForTimeOnAStreamThatStaysUpIsAGoodEnd() {
    serve(Answers.Kind.ECHO);

    assertThat(run("connect", policy, "ws", "--for", "500ms")).isZero();
    assertThat(run("connect", policy, "ws", "--for", "500ms", "--until", "eom")).isEqualTo(1);
  }

  @Test
  void aServerRunsAsLongAsItShould() {
    assertThat(run("serve", policy, "site", "--echo", "--for", "200ms", "--json")).isZero();
    assertThat(captured.out())
        .contains(
            "\"stream\":0,\"event\":\"state\",\"state\":\"CREATING\",\"code\":1,\"ordinal\":0}");
    assertThat(captured.err()).contains("listening on ");
  }

  @Test
  void theTourShowsEverything() {
    assertThat(run("demo")).isZero();
    assertThat(captured.out()).contains("Shown in ").contains("sent while the peer was away");
    assertThat(captured.err()).isEmpty();
  }

  private int run(String... args) {
    return SStream.run(captured.terminal(), this::builder, args);
  }

  private SecureStreamsBuilder builder() {
    return SecureStreams.builder().transport(local);
  }

  private void serve(Answers.Kind kind) {
    serve(Protocol.H1, kind);
  }

  private void serve(Protocol protocol, Answers.Kind kind) {
    Answers answers =
        new Answers(
            protocol,
            kind,
            Payload.utf8("a reply"),
            Optional.of(new Answers.Mime("mime", "text/plain")));
    peer.serve("site")
        .accepted()
        .flatMap(
            client -> {
              Responder responder = new Responder(client, answers, failure -> {});
              return client.events().concatMap(responder::see);
            })
        .subscribe();
  }

  private List<String> values(String member) {
    return Pattern.compile("\"" + member + "\":\"([^\"]*)\"")
        .matcher(captured.out())
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }
}
