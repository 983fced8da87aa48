package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sstream connect --blob}. */
class ConnectBlobsTest {

  private static final String POLICY =
      """
      {
        "s": [
          { "get": { "endpoint": "h", "port": 80, "protocol": "h1", "http_method": "GET",
                     "http_auth_header": "authorization:", "http_auth_preamble": "Bearer ",
                     "http_dsn_header": "x-dsn:", "opportunistic": true } },
          { "site": { "server": true, "port": 80, "protocol": "h1",
                      "metadata": [{ "method": "", "path": "", "auth": "", "dsn": "x-dsn:" }] } }
        ]
      }
      """;

  @TempDir private Path folder;

  private final Captured captured = new Captured();
  private final LocalTransport local = LocalTransport.create();
  private final SecureStreams peer = builder().policy(POLICY).build();
  private final List<String> seen = new ArrayList<>();
  private String policy = "";

  @BeforeEach
  void listen() throws IOException {
    policy = write("policy.json", POLICY);
    peer.serve("site")
        .accepted()
        .flatMap(
            client ->
                client
                    .events()
                    .doOnNext(
                        event -> {
                          if (event instanceof StateEvent state
                              && state.state() == StreamState.SERVER_TXN) {
                            seen.add(
                                client.metadata("auth").orElse("-")
                                    + ", "
                                    + client.metadata("dsn").orElse("-"));
                            client.serverAck(0);
                            client.tx().tryEmitNext(Payload.utf8("welcome"));
                          }
                        }))
        .subscribe();
  }

  @AfterEach
  void closePeer() {
    peer.close();
  }

  @Test
  void becomeHeadersWithoutTheLineBreakOfTheirFiles() throws IOException {
    String token = write("token", "sesame\r\n");
    String serial = write("serial", "SN 7");

    int exit = run("connect", policy, "get", "--blob", "0=" + token, "--blob", "4=" + serial);

    assertThat(exit).isZero();
    assertThat(seen).containsExactly("Bearer sesame, SN 7");
    assertThat(captured.out() + captured.err()).doesNotContain("sesame");
  }

  @Test
  void keepLineBreaksInTheirMiddle() throws IOException {
    String token = write("token", "two\n\n");

    assertThat(run("connect", policy, "get", "--blob", "0=" + token)).isEqualTo(3);
    assertThat(captured.out()).contains("line feed").doesNotContain("two");
    assertThat(seen).isEmpty();
  }

  @ParameterizedTest(name = "--blob {0}")
  @CsvSource({
    "0, wants INDEX=FILE",
    "=f, wants INDEX=FILE",
    "0=, wants INDEX=FILE",
    "x=f, wants a number",
    "19=policy.json, indices are 0..18",
    "-1=policy.json, indices are 0..18",
    "0=nowhere, there is no file",
  })
  void thatCannotBeTakenAreAMistake(String blob, String complaint) {
    String given = blob.replaceFirst("=([a-z.]+)$", "=" + folder.resolve("$1"));

    assertThat(run("connect", policy, "get", "--blob", given)).isEqualTo(2);
    assertThat(captured.err()).contains(complaint);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private int run(String... args) {
    return SStream.run(captured.terminal(), this::builder, args);
  }

  private SecureStreamsBuilder builder() {
    return SecureStreams.builder().transport(local);
  }
}
