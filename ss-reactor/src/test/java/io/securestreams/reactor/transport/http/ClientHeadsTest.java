package io.securestreams.reactor.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientHeadsTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("1994-11-06T08:49:30Z"), ZoneOffset.UTC);

  private static HttpHeaders request(Target target, Header... headers) {
    return ClientHeads.request(
        new HttpPlan(
            "test",
            target,
            HttpWire.H1,
            "GET",
            "/",
            List.of(headers),
            BodyPlan.NONE,
            new ResponseRules(0, Map.of(), Map.of()),
            Set.of()));
  }

  @ParameterizedTest(name = "{0}:{1} tls {2} is {3}")
  @CsvSource({
    "example.com, 80, false, example.com, http://example.com",
    "example.com, 443, true, example.com, https://example.com",
    "example.com, 443, false, example.com:443, http://example.com:443",
    "example.com, 8080, true, example.com:8080, https://example.com:8080",
    "::1, 80, false, [::1], http://[::1]",
    "::1, 81, false, [::1]:81, http://[::1]:81",
  })
  void namesThePortUnlessItIsTheUsualOne(
      String host, int port, boolean tls, String named, String origin) {
    HttpHeaders headers =
        request(
            new Target(
                host, port, tls ? Optional.of(new TlsPlan(Optional.empty())) : Optional.empty()));

    assertThat(headers.get("host")).isEqualTo(named);
    assertThat(headers.get("origin")).isEqualTo(origin);
  }

  @Test
  void letsThePlanDecide() {
    HttpHeaders headers =
        request(
            new Target("h", 80, Optional.empty()),
            new Header("Cache-Control", "max-age=1"),
            new Header("ORIGIN", "null"),
            new Header("Host", "other"),
            new Header("Content-Length", "7"),
            new Header("x", "1"),
            new Header("x", "2"));

    assertThat(headers.getAll("cache-control")).containsExactly("max-age=1");
    assertThat(headers.getAll("origin")).containsExactly("null");
    assertThat(headers.getAll("host")).containsExactly("h");
    assertThat(headers.getAll("x")).containsExactly("1", "2");
    assertThat(headers.contains("content-length")).isFalse();
  }

  @Test
  void refusesLineBreaks() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                request(new Target("h", 80, Optional.empty()), new Header("x", "1\r\nevil: true")));
  }

  @Test
  void sendsEveryOtherValueAsItIs() {
    HttpHeaders headers =
        request(
            new Target("h", 80, Optional.empty()),
            new Header("authorization", "bearer "),
            new Header("empty", ""),
            new Header("blank", " x"),
            new Header("text", "\u20ac"));

    assertThat(headers.get("authorization")).isEqualTo("bearer ");
    assertThat(headers.get("empty")).isEmpty();
    assertThat(headers.get("blank")).isEqualTo(" x");
    assertThat(headers.get("text").chars()).containsExactly(0xE2, 0x82, 0xAC);
  }

  @ParameterizedTest(name = "\"{0}\" at {1} is {2} ms")
  @CsvSource({
    "2, , 2000",
    "' 120 ', , 120000",
    "0, , 0",
    "99999999, , 99999999000",
    "123456789, , 0",
    "-1, , 0",
    "soon, , 0",
    "'', , 0",
    "'Sun, 06 Nov 1994 08:49:37 GMT', , 7000",
    "'Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:35 GMT', 2000",
    "'Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 09:00:00 GMT', 0",
    "'Sunday, 06-Nov-94 08:49:37 GMT', , 7000",
  })
  void readsRetryAfter(String value, String date, long ms) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory()
            .withValueValidation(false)
            .newHeaders()
            .add("retry-after", value);
    if (date != null) {
      headers.add("date", date);
    }

    assertThat(ClientHeads.retryAfterMs(headers, CLOCK)).isEqualTo(ms);
  }

  @Test
  void asksForNothingWithoutRetryAfter() {
    assertThat(ClientHeads.retryAfterMs(new DefaultHttpHeaders(), CLOCK)).isZero();
  }
}
