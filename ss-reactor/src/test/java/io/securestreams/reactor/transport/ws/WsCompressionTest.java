package io.securestreams.reactor.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends agree on. Source: RFC 7692, section 7.1. */
class WsCompressionTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate | true | true",
        "  permessage-deflate  | true | true",
        "permessage-deflate; server_no_context_takeover | true | false",
        "permessage-deflate;client_no_context_takeover | false | true",
        "permessage-deflate; server_max_window_bits=8 | true | true",
        "permessage-deflate; server_max_window_bits=\"10\" | true | true",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover | false | false",
      })
  void clientAgreesTo(String answer, boolean clientKeeps, boolean serverKeeps) {
    assertThat(WsCompression.accepted(answer))
        .get()
        .returns(clientKeeps, WsCompression::clientKeeps)
        .returns(serverKeeps, WsCompression::serverKeeps);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {
        "",
        "deflate-frame",
        "permessage-deflate, permessage-deflate",
        "permessage-deflate; client_max_window_bits=15",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=15; server_max_window_bits=15",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=",
        "permessage-deflate; something=1",
        "permessage-deflate;",
      })
  void clientRefuses(String answer) {
    assertThat(WsCompression.accepted(answer)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate | permessage-deflate",
        "permessage-deflate; client_max_window_bits | permessage-deflate",
        "permessage-deflate; client_max_window_bits=9 | permessage-deflate",
        "permessage-deflate; server_max_window_bits=15 "
            + "| permessage-deflate; server_max_window_bits=15",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover | "
            + "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "x-other, permessage-deflate; server_max_window_bits=10, permessage-deflate "
            + "| permessage-deflate",
        "permessage-deflate; unknown, permessage-deflate; server_no_context_takeover "
            + "| permessage-deflate; server_no_context_takeover",
      })
  void serverChooses(String offers, String answer) {
    assertThat(WsCompression.chosen(offers)).get().returns(answer, WsCompression::answer);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {
        "",
        "x-other",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=14",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=yes",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
      })
  void serverDeclines(String offers) {
    assertThat(WsCompression.chosen(offers)).isEmpty();
  }
}
