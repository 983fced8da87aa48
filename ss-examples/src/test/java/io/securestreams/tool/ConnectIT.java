package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.examples.LocalAuthority;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sstream connect} against servers that are not ours. */
class ConnectIT {

  private static final String POLICY =
      """
      {
        "retry": [{ "quick": { "backoff": [50], "conceal": 1, "jitterpc": 1 } }],
        "certs": [{ "ca": "@CA@" }, { "other_ca": "@OTHER@" }],
        "trust_stores": [{ "name": "own", "stack": ["ca"] }, { "name": "other", "stack": ["other_ca"] }],
        "s": [
          { "get": { "endpoint": "localhost", "port": @HTTPS@, "protocol": "h1",
                     "http_method": "GET", "http_url": "items/${id}?q=1",
                     "metadata": [{ "id": "", "mime": "content-type:", "sid": "set-cookie:" }],
                     "http_resp_map": [{ "530": 1530 }],
                     "tls": true, "tls_trust_store": "own",
                     "opportunistic": true, "retry": "quick" } },
          { "post": { "endpoint": "localhost", "port": @HTTPS@, "protocol": "h1",
                      "http_method": "POST", "http_url": "echo",
                      "tls": true, "tls_trust_store": "own",
                      "opportunistic": true, "retry": "quick" } },
          { "portal": { "endpoint": "localhost", "port": @HTTPS@, "protocol": "h1",
                        "http_method": "GET", "http_url": "portal", "http_fail_redirect": true,
                        "tls": true, "tls_trust_store": "own", "opportunistic": true } },
          { "untrusted": { "endpoint": "localhost", "port": @HTTPS@, "protocol": "h1",
                           "http_method": "GET", "http_url": "items/1",
                           "tls": true, "tls_trust_store": "other",
                           "opportunistic": true, "retry": "quick" } },
          { "nobody": { "endpoint": "127.0.0.1", "port": @NOBODY@, "protocol": "h1",
                        "http_method": "GET", "opportunistic": true, "retry": "quick" } },
          { "ws": { "endpoint": "127.0.0.1", "port": @WS@, "protocol": "ws",
                    "ws_subprotocol": "echo", "opportunistic": true, "retry": "quick" } }
        ]
      }
      """;

  @TempDir private Path folder;

  private final LocalAuthority authority = LocalAuthority.create();
  private JdkHttpsServer https = JdkHttpsServer.NONE;
  private EchoSocket socket = new EchoSocket();
  private String policy = "";

  @BeforeEach
  void start() throws Exception {
    https = JdkHttpsServer.start(authority);
    socket.start();
    policy =
        Files.writeString(
                folder.resolve("policy.json"),
                POLICY
                    .replace("@CA@", authority.authority())
                    .replace("@OTHER@", LocalAuthority.create().authority())
                    .replace("@HTTPS@", Integer.toString(https.port()))
                    .replace("@WS@", Integer.toString(socket.awaitPort()))
                    .replace("@NOBODY@", Integer.toString(closedPort())))
            .toString();
  }

  @AfterEach
  void stop() throws Exception {
    https.close();
    socket.stop();
  }

  @Test
  void aFetchIsALineForEveryEventAndEndsWhenTheStreamIsIdle() {
    Launcher.Result result = Launcher.run("connect", policy, "get", "-m", "id=42", "--json");

    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.values("state"))
        .containsExactly("CREATING", "CONNECTING", "CONNECTED", "QOS_ACK_REMOTE", "DISCONNECTED");
    assertThat(result.out())
        .contains("\"event\":\"metadata\",\"name\":\"mime\",\"value\":\"text/plain\"")
        .contains("\"event\":\"metadata\",\"name\":\"sid\",\"value\":\"***\"")
        .contains("\"event\":\"rx\",\"len\":18,\"som\":true,")
        .contains("\"text\":\"GET /items/42?q=1 \"");
    assertThat(result.out().lines())
        .allMatch(line -> line.matches("\\{\"t\":\\d+\\.\\d{3},\"event\":.*}"));
  }

  @Test
  void quietGivesTheBodyAndNothingElse() {
    Launcher.Result result = Launcher.run("connect", policy, "get", "-m", "id=7", "--quiet");

    assertThat(result).isEqualTo(new Launcher.Result(0, "GET /items/7?q=1 ", ""));
  }

  @Test
  void peopleReadStatesAndPayload() {
    Launcher.Result result = Launcher.run("connect", policy, "get", "-m", "id=7");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("  CONNECTED\n")
        .contains("mime = \"text/plain\"")
        .contains("17 bytes [SOM] \"GET /items/7?q=1 \"")
        .doesNotContain("\u001b");
  }

  @Test
  void aRefusalEndsWithFourAtOnce() {
    Launcher.Result result = Launcher.run("connect", policy, "get", "-m", "id=missing", "--json");

    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.values("state")).last().isEqualTo("QOS_NACK_REMOTE");
    assertThat(result.err()).contains("refused");
  }

  @Test
  void aRefusalThatWasAskedForIsAGoodEnd() {
    assertThat(
            Launcher.run("connect", policy, "get", "-m", "id=missing", "--until", "QOS_NACK_REMOTE")
                .exit())
        .isZero();
  }

  @Test
  void aMappedStatusIsAUserStateWithItsNumber() {
    Launcher.Result result =
        Launcher.run("connect", policy, "get", "-m", "id=mapped", "--until", "1530", "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.out().lines().toList())
        .last()
        .asString()
        .contains("\"event\":\"state\",\"state\":\"1530\",\"code\":1530,\"ordinal\":0}");
  }

  @Test
  void messagesAreSentInOrderEachInItsTransaction() throws IOException {
    Path file = Files.writeString(folder.resolve("body.txt"), "from a file");

    Launcher.Result result =
        Launcher.run(
            Launcher.SCRIPT,
            "from standard input",
            "connect",
            policy,
            "post",
            "--tx",
            "one",
            "--tx-file",
            file.toString(),
            "--tx",
            "-",
            "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.values("text"))
        .containsExactly(
            "POST /echo one",
            "",
            "POST /echo from a file",
            "",
            "POST /echo from standard input",
            "");
    assertThat(result.out().lines().filter(line -> line.contains("\"event\":\"tx\"")))
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).contains("\"ordinal\":0,\"len\":3"),
            line -> assertThat(line).contains("\"ordinal\":1,\"len\":11"),
            line -> assertThat(line).contains("\"ordinal\":2,\"len\":19"));
    assertThat(result.values("state")).startsWith("CREATING", "POLL", "CONNECTING");
  }

  @Test
  void exhaustedRetriesEndWithThree() {
    Launcher.Result result = Launcher.run("connect", policy, "nobody", "--json");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.values("state"))
        .containsExactly(
            "CREATING",
            "CONNECTING",
            "UNREACHABLE",
            "POLL",
            "CONNECTING",
            "UNREACHABLE",
            "ALL_RETRIES_FAILED");
    assertThat(result.out())
        .containsPattern(
            "\"state\":\"UNREACHABLE\",\"code\":3,\"ordinal\":0,\"failure\":\"CONNECT\","
                + "\"attempt\":1,\"concealed\":true,\"nextDelayMs\":50}")
        .contains("\"failure\":\"CONNECT\",\"attempt\":2,\"concealed\":false}");
  }

  @Test
  void aCaptivePortalIsNamed() {
    Launcher.Result json = Launcher.run("connect", policy, "portal", "--json");
    Launcher.Result people = Launcher.run("connect", policy, "portal");

    assertThat(json.exit()).isEqualTo(3);
    assertThat(json.values("state"))
        .containsExactly("CREATING", "CONNECTING", "UNREACHABLE", "ALL_RETRIES_FAILED");
    assertThat(json.out()).contains("\"failure\":\"PORTAL\"");
    assertThat(people.out())
        .contains("UNREACHABLE  PORTAL: localhost:")
        .contains("answered with status 302, the redirect to nowhere is not followed");
  }

  @Test
  void exhaustedRetriesThatWereAskedForAreAGoodEnd() {
    assertThat(Launcher.run("connect", policy, "nobody", "--until", "ALL_RETRIES_FAILED").exit())
        .isZero();
  }

  @Test
  void aPeerOfAnotherAuthorityIsNotTrusted() {
    Launcher.Result result =
        Launcher.run("connect", policy, "untrusted", "--until", "UNREACHABLE", "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.values("failure")).containsExactly("TLS_UNTRUSTED");
  }

  @Test
  void withoutConnectNothingIsAskedFor() {
    Launcher.Result result =
        Launcher.run("connect", policy, "get", "--no-connect", "--for", "300ms", "--json");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.values("state")).containsExactly("CREATING");
    assertThat(result.err()).contains("time ran out after 300 ms");
  }

  @Test
  void aWebSocketMessageComesBack() {
    Launcher.Result result =
        Launcher.run("connect", policy, "ws", "--tx", "hello", "--until", "eom", "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.values("state"))
        .containsExactly("CREATING", "POLL", "CONNECTING", "CONNECTED");
    assertThat(result.out())
        .contains("\"event\":\"tx\",\"ordinal\":0,\"len\":5}")
        .endsWith("\"event\":\"rx\",\"len\":5,\"som\":true,\"eom\":true,\"text\":\"hello\"}\n");
  }

  @Test
  void anAskedForTimeOnAWebSocketThatStaysUpIsAGoodEnd() {
    assertThat(Launcher.run("connect", policy, "ws", "--for", "5s").exit()).isZero();
  }

  @Test
  void timeRunsOutBeforeAnEndThatDoesNotCome() {
    Launcher.Result result =
        Launcher.run("connect", policy, "ws", "--tx", "a", "--until", "2", "--for", "1s");

    assertThat(result.exit()).isEqualTo(1);
  }

  @Test
  void aCloseByThePeerIsAnEnd() {
    Launcher.Result result = Launcher.run("connect", policy, "ws", "--tx", "close", "--json");

    assertThat(result.exit()).isZero();
    assertThat(result.values("state")).last().isEqualTo("DISCONNECTED");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
