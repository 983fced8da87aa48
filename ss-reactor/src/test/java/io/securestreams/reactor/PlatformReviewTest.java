package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.json.PolicyParser;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlatformReviewTest {

  private static final PolicyDatabase POLICY =
      PolicyParser.lenient()
          .parse(
              """
              {"s": [
                {"quick": {"endpoint": "a", "port": 443, "protocol": "h3", "tls": true,
                           "http_method": "GET", "http_url": "x", "opportunistic": true}},
                {"usual": {"endpoint": "a", "port": 80, "protocol": "h1", "http_method": "GET",
                           "http_url": "x", "opportunistic": true}}
              ]}
              """,
              "policy.json")
          .orThrow();

  @Test
  void namesTheStreamTypesThatNeedWhatIsMissing() {
    assertThat(PlatformReview.of(POLICY, Optional.of("there is no QUIC; add it")))
        .containsExactly("stream types [quick] will fail: there is no QUIC; add it");
  }

  @Test
  void findsNothingWhereNothingIsMissing() {
    assertThat(PlatformReview.of(POLICY, Optional.empty())).isEmpty();
    assertThat(PlatformReview.of(POLICY)).as("this machine has QUIC").isEmpty();
  }
}
