package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressOrderTest {

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({
    "1.1.1.1, 1.1.1.1",
    "1.1.1.1 2.2.2.2, 1.1.1.1 2.2.2.2",
    "::2 ::3, ::2 ::3",
    "1.1.1.1 ::2, ::2 1.1.1.1",
    "1.1.1.1 2.2.2.2 3.3.3.3 ::2 ::3, ::2 1.1.1.1 ::3 2.2.2.2 3.3.3.3",
    "::2 1.1.1.1 ::3 ::4, ::2 1.1.1.1 ::3 ::4",
  })
  void takesTheFamiliesByTurnsIpv6First(String found, String tried) {
    assertThat(AddressOrder.interleaved(addresses(found))).isEqualTo(addresses(tried));
  }

  private static List<InetSocketAddress> addresses(String literals) {
    return Arrays.stream(literals.split(" "))
        .map(literal -> new InetSocketAddress(literal, 80))
        .collect(Collectors.toList());
  }
}
