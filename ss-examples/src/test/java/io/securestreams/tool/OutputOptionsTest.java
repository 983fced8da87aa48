package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.json.PolicyParser;
import org.junit.jupiter.api.Test;

class OutputOptionsTest {

  @Test
  void credentialsOfHeadersAreSecret() {
    String policy =
        """
        { "s": [{ "a": { "endpoint": "h", "port": 1, "protocol": "h1", "http_method": "GET",
            "metadata": [{ "token": "Authorization:", "biscuit": "cookie:", "mime": "content-type:" }]
        } }] }
        """;

    assertThat(
            OutputOptions.secretNames(
                PolicyParser.lenient()
                    .parse(policy, "test")
                    .orThrow()
                    .streamType("a")
                    .orElseThrow()))
        .containsExactlyInAnyOrder("auth", "token", "biscuit");
  }
}
