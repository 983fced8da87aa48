package io.securestreams.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.json.PolicyParse;
import io.securestreams.core.policy.json.PolicyParser;
import org.junit.jupiter.api.Test;

class LargePolicyTest {

  @Test
  void isAPolicyWithoutFindings() {
    PolicyParse parse = PolicyParser.strict().parse(LargePolicy.text(1000), "large");

    assertThat(parse.findings()).isEmpty();
    assertThat(parse.orThrow().streamTypes()).hasSize(1000);
    assertThat(parse.orThrow().trustStores()).hasSize(10);
  }
}
