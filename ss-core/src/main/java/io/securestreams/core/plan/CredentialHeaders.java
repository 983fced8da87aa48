package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.DeviceHeaders;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The headers that say who asks, made of {@link SystemBlobs} for each request: token, serial
 * number, firmware version, device type, in this order. The header of the token is sent even if
 * there is no token: the server's answer decides. No message shows a value.
 */
final class CredentialHeaders {

  private final String streamType;
  private final AuthSettings auth;
  private final DeviceHeaders device;

  private CredentialHeaders(String streamType, AuthSettings auth, DeviceHeaders device) {
    this.streamType = streamType;
    this.auth = auth;
    this.device = device;
  }

  static CredentialHeaders of(StreamType type) {
    return new CredentialHeaders(type.name(), type.auth(), type.http().device());
  }

  /** True if the policy asks for none of them. */
  boolean isEmpty() {
    return auth.header().isEmpty() && device.equals(DeviceHeaders.NONE);
  }

  /**
   * The headers of one request.
   *
   * @param blobs what they are made of
   * @throws LinkException of kind PLAN if a value cannot stand in a header
   */
  List<Header> of(SystemBlobs blobs) {
    List<Header> headers = new ArrayList<>(4);
    if (auth.header().isPresent()) {
      String name = auth.header().get();
      String value = auth.preamble().orElse("") + token(name, blobs.get(BlobKind.AUTH, 0));
      headers.add(header(name, value, BlobKind.AUTH));
    }
    add(headers, device.serialNumber(), BlobKind.DEVICE_SERIAL, blobs);
    add(headers, device.firmwareVersion(), BlobKind.DEVICE_FIRMWARE_VERSION, blobs);
    add(headers, device.deviceType(), BlobKind.DEVICE_TYPE, blobs);
    return headers;
  }

  private String token(String name, Blob token) {
    return switch (auth.token()) {
      case PLAIN -> text(name, token, BlobKind.AUTH);
      case HEX -> HexFormat.of().formatHex(token.bytes());
    };
  }

  private void add(List<Header> headers, Optional<String> name, BlobKind kind, SystemBlobs blobs) {
    Blob value = blobs.get(kind, 0);
    if (name.isPresent() && !value.isEmpty()) {
      headers.add(header(name.get(), text(name.get(), value, kind), kind));
    }
  }

  private String text(String name, Blob value, BlobKind kind) {
    String text = value.utf8();
    if (!Blob.utf8(text).equals(value)) {
      throw unusable(name, kind, "is no UTF-8 text");
    }
    return text;
  }

  private Header header(String name, String value, BlobKind kind) {
    int bad = RequestText.badInHeader(value);
    if (bad >= 0) {
      throw unusable(name, kind, "has " + RequestText.describe(value.charAt(bad)));
    }
    return new Header(name, value);
  }

  private LinkException unusable(String name, BlobKind kind, String problem) {
    return new LinkException(
        FailureKind.PLAN,
        "stream type \""
            + streamType
            + "\": the value for header "
            + name
            + ", made of blob "
            + kind
            + ", "
            + problem
            + "; set another value");
  }
}
