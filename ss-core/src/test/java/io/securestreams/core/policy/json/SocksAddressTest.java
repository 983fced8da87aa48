package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.SocksProxy.Credentials;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocksAddressTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "proxy:1080, , , proxy, 1080",
    "u:p@proxy:1080, u, p, proxy, 1080",
    ":@proxy:1, '', '', proxy, 1",
    "u:a:b@c@10.0.0.1:65535, u, a:b@c, 10.0.0.1, 65535",
    "u:p@[::1]:1080, u, p, ::1, 1080",
  })
  void isReadAndWrittenBack(String text, String user, String password, String host, int port) {
    Optional<Credentials> credentials =
        Optional.ofNullable(user).map(given -> new Credentials(given, password));

    SocksProxy proxy = SocksAddress.parse(text).orElseThrow();

    assertThat(proxy).isEqualTo(new SocksProxy(credentials, host, port));
    assertThat(SocksAddress.format(proxy)).isEqualTo(text);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", "proxy", "proxy:0", "proxy:65536", "u@proxy:1", "a b:1", "::1:1080"})
  void otherFormsAreRefused(String text) {
    assertThat(SocksAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest(name = "{0} characters: {1}")
  @CsvSource({"95, true", "96, false"})
  void credentialsHaveALongestForm(int length, boolean accepted) {
    String long1 = "x".repeat(length);

    assertThat(SocksAddress.parse(long1 + ":p@h:1").isPresent()).isEqualTo(accepted);
    assertThat(SocksAddress.parse("u:" + long1 + "@h:1").isPresent()).isEqualTo(accepted);
  }

  @Test
  void thePasswordIsNeverShown() {
    String text =
        "{\"via-socks5\":\"u:hunter2@h:1\",\"s\":[{\"a\":{\"endpoint\":\"h\",\"port\":1,"
            + "\"protocol\":\"h1\",\"http_method\":\"GET\",\"via-socks5\":\"v:swordfish@h:1\"}}]}";

    PolicyDatabase database = PolicyParser.lenient().parse(text, "p").orThrow();

    assertThat(database.toString())
        .contains("user=u", "user=v")
        .doesNotContain("hunter2", "swordfish");
  }
}
