package io.securestreams.core.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemBlobsTest {

  private final SystemBlobs blobs = new SystemBlobs();

  @ParameterizedTest(name = "{0} is {1} {2}")
  @CsvSource({
    "0, AUTH, 0",
    "1, AUTH, 1",
    "2, CLIENT_CERTIFICATE, 0",
    "3, CLIENT_KEY, 0",
    "4, DEVICE_SERIAL, 0",
    "5, DEVICE_FIRMWARE_VERSION, 0",
    "6, DEVICE_TYPE, 0",
    "7, NTP_SERVER, 0",
    "8, MQTT_CLIENT_ID, 0",
    "9, MQTT_USER_NAME, 0",
    "10, MQTT_PASSWORD, 0",
    "11, SIGNING_KEY, 0",
    "18, SIGNING_KEY, 7",
  })
  void knowsTheIndicesOfTheReference(int index, BlobKind kind, int slot) {
    blobs.set(index, Blob.utf8("value"));

    assertThat(blobs.get(kind, slot).utf8()).isEqualTo("value");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(ints = {-1, 19})
  void refusesOtherIndices(int index) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> blobs.set(index, Blob.utf8("value")))
        .withMessage("there is no blob " + index + "; indices are 0..18");
  }

  @Test
  void refusesASlotThatTheKindDoesNotHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> blobs.set(BlobKind.AUTH, 2, Blob.utf8("value")))
        .withMessage("AUTH has no slot 2; the last is 1");
  }

  @Test
  void keepsASecondCertificateApartFromTheFirstKey() {
    blobs.set(BlobKind.CLIENT_CERTIFICATE, 1, Blob.utf8("second certificate"));
    blobs.set(BlobKind.CLIENT_KEY, 0, Blob.utf8("first key"));

    assertThat(blobs.get(BlobKind.CLIENT_CERTIFICATE, 1).utf8()).isEqualTo("second certificate");
    assertThat(blobs.get(BlobKind.CLIENT_KEY, 0).utf8()).isEqualTo("first key");
  }

  @Test
  void forgetsAValueThatBecomesEmpty() {
    blobs.set(BlobKind.AUTH, Blob.utf8("token")).set(BlobKind.AUTH, Blob.of(new byte[0]));

    assertThat(blobs.get(BlobKind.AUTH, 0).isEmpty()).isTrue();
    assertThat(blobs).hasToString("SystemBlobs[0 set]");
  }

  @Test
  void copiesTheBytesAndNeverShowsThem() {
    byte[] bytes = {'k', 'e', 'y'};
    Blob blob = Blob.of(bytes);
    bytes[0] = 'x';
    blob.bytes()[0] = 'x';

    assertThat(blob).isEqualTo(Blob.utf8("key")).hasToString("Blob[3 bytes]");
    assertThat(blobs.set(BlobKind.AUTH, blob)).hasToString("SystemBlobs[1 set]");
  }
}
