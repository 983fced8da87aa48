package io.securestreams.reactor.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.IpAttributes.Service;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketAttributesTest {

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "LOW_LATENCY, 0x10",
    "HIGH_THROUGHPUT, 0x08",
    "HIGH_RELIABILITY, 0x04",
    "LOW_COST, 0x02",
  })
  void eachServiceIsABit(Service service, String bit) {
    IpAttributes one = new IpAttributes(0, Set.of(service));

    assertThat(SocketAttributes.typeOfService(one)).isEqualTo(Integer.decode(bit));
  }

  @Test
  void allServicesAreOneValue() {
    IpAttributes all = new IpAttributes(0, Set.of(Service.values()));

    assertThat(SocketAttributes.typeOfService(all)).isEqualTo(0x1e);
    assertThat(SocketAttributes.typeOfService(IpAttributes.NONE)).isZero();
  }

  @Test
  void aChannelThatKnowsNoneOfThemIsLeftAsItIs() {
    EmbeddedChannel channel = new EmbeddedChannel();

    SocketAttributes.apply(new IpAttributes(7, Set.of(Service.LOW_COST)), channel);

    assertThat(channel.isOpen()).isTrue();
  }
}
