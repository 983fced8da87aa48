package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import org.junit.jupiter.api.Test;

class NetworkOptionsTest {

  private static final ServerLimits FEW = ServerLimits.DEFAULTS.withConnections(7);

  @Test
  void whatIsSetBesideTheSettingsCountsInAnyOrder() {
    NetworkOptions before = new NetworkOptions();
    before.serverLimits(FEW);
    before.webSocketCompression(true);
    before.settings(TransportSettings.DEFAULTS);
    NetworkOptions after = new NetworkOptions();
    after.settings(TransportSettings.DEFAULTS);
    after.serverLimits(FEW);
    after.webSocketCompression(true);

    assertThat(before.settings())
        .isEqualTo(TransportSettings.DEFAULTS.withServers(FEW).withWebSocketCompression(true))
        .isEqualTo(after.settings());
  }

  @Test
  void whatIsNotSetIsAsTheSettingsSay() {
    TransportSettings given =
        TransportSettings.DEFAULTS.withServers(FEW).withWebSocketCompression(true);
    NetworkOptions options = new NetworkOptions();
    options.settings(given);

    assertThat(options.settings()).isEqualTo(given);
  }
}
