package io.securestreams.core.system;

/** What a blob is good for. Source: {@code lws_system_blob_item_t}. */
public enum BlobKind {
  /** Slot 0: the access token that requests carry; slot 1: what buys one. */
  AUTH(0, 2),
  /** TLS client certificate, DER or PEM, its chain behind it. */
  CLIENT_CERTIFICATE(2, 255),
  /** The private key of the client certificate of the same slot, DER or PEM. */
  CLIENT_KEY(3, 255),
  /** Serial number of the device. */
  DEVICE_SERIAL(4, 1),
  /** Version of its firmware. */
  DEVICE_FIRMWARE_VERSION(5, 1),
  /** Its type. */
  DEVICE_TYPE(6, 1),
  /** Where it asks for the time. */
  NTP_SERVER(7, 1),
  /** MQTT client identifier. */
  MQTT_CLIENT_ID(8, 1),
  /** MQTT user name. */
  MQTT_USER_NAME(9, 1),
  /** MQTT password. */
  MQTT_PASSWORD(10, 1),
  /** Four sets of a key id (even slots) and its secret (odd slots), for signatures. */
  SIGNING_KEY(11, 8);

  private final int index;
  private final int slots;

  BlobKind(int index, int slots) {
    this.index = index;
    this.slots = slots;
  }

  /** The reference's index of slot 0. */
  public int index() {
    return index;
  }

  /** How many slots there are; they are counted from 0. */
  public int slots() {
    return slots;
  }
}
