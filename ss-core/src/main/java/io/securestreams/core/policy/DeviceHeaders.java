package io.securestreams.core.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * Headers that say which device is asking; names in lower case without colon.
 *
 * @param serialNumber Source: {@code http_dsn_header}
 * @param firmwareVersion Source: {@code http_fwv_header}
 * @param deviceType Source: {@code http_devtype_header}
 */
public record DeviceHeaders(
    Optional<String> serialNumber, Optional<String> firmwareVersion, Optional<String> deviceType) {

  /** Nothing set. */
  public static final DeviceHeaders NONE =
      new DeviceHeaders(Optional.empty(), Optional.empty(), Optional.empty());

  /** Checks the components. */
  public DeviceHeaders {
    Objects.requireNonNull(serialNumber, "serialNumber");
    Objects.requireNonNull(firmwareVersion, "firmwareVersion");
    Objects.requireNonNull(deviceType, "deviceType");
  }
}
