package io.securestreams.core.event.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.event.ConnectionTimings.Lookup;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimingsJsonTest {

  private static final ConnectionTimings CONNECTED =
      new ConnectionTimings(
          Optional.of("127.0.0.1"),
          Lookup.FOUND,
          215,
          List.of("127.0.0.1", "::1"),
          112,
          3778,
          0,
          OptionalInt.empty());

  @Test
  void writesAnHttpTransactionAsTheReferenceDoes() {
    assertThat(TimingsJson.text(CONNECTED.answered(526, OptionalInt.of(200))))
        .isEqualTo(
            "{\"peer\":\"127.0.0.1\",\"dns_us\":215,\"dns_disp\":1,\"sockconn_us\":112,"
                + "\"tls_us\":3778,\"txn_resp_us\":526,\"dns\":[\"127.0.0.1\",\"::1\"],"
                + "\"prot_specific\":{\"protocol\":\"http\",\"resp\":200}}");
  }

  @Test
  void saysNothingOfHttpForOtherProtocols() {
    assertThat(TimingsJson.text(CONNECTED)).endsWith("\"dns\":[\"127.0.0.1\",\"::1\"]}");
    assertThat(TimingsJson.text(ConnectionTimings.NONE))
        .isEqualTo(
            "{\"peer\":\"\",\"dns_us\":0,\"dns_disp\":0,\"sockconn_us\":0,\"tls_us\":0,"
                + "\"txn_resp_us\":0,\"dns\":[]}");
  }

  @Test
  void timesFitInto32Bits() {
    assertThat(TimingsJson.text(CONNECTED.answered(1L << 40, OptionalInt.empty())))
        .contains("\"txn_resp_us\":4294967295,");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"NONE, 0", "FOUND, 1", "NO_SERVER, 2", "NOT_FOUND, 3"})
  void lookupsHaveTheReferencesNumbers(Lookup lookup, int code) {
    assertThat(lookup.code()).isEqualTo(code);
  }
}
