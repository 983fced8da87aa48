package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.AuthSettings.Token;
import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers that are made of blobs. */
class PlannerCredentialsTest {

  private final SystemBlobs blobs = new SystemBlobs();

  @Test
  void comeInTheOrderOfTheReferenceBeforeMetadata() {
    blobs
        .set(BlobKind.AUTH, Blob.utf8("Atza|TTT"))
        .set(BlobKind.DEVICE_SERIAL, Blob.utf8("SN123"))
        .set(BlobKind.DEVICE_FIRMWARE_VERSION, Blob.utf8("v1.2"))
        .set(BlobKind.DEVICE_TYPE, Blob.utf8("toaster"));
    TypeText type =
        TypeText.http("GET")
            .token("authorization", "Bearer ", Token.PLAIN)
            .device("x-dsn", "x-fwv", "x-type")
            .declare("item", "x-item");

    assertThat(lines(type, Map.of("item", "1")))
        .containsExactly(
            "pragma: no-cache",
            "cache-control: no-cache",
            "origin: http://example.test:8080",
            "authorization: Bearer Atza|TTT",
            "x-dsn: SN123",
            "x-fwv: v1.2",
            "x-type: toaster",
            "x-item: 1");
  }

  @Test
  void ofAnUpgradeAreTheSame() {
    blobs.set(BlobKind.AUTH, Blob.utf8("t")).set(BlobKind.DEVICE_SERIAL, Blob.utf8("SN"));
    TypeText type =
        TypeText.ws().token("x-token", "", Token.PLAIN).device("x-dsn", "x-fwv", "x-type");

    assertThat(lines(type, Map.of())).contains("x-token: t", "x-dsn: SN");
  }

  @Test
  void areLeftOutIfTheyAreEmptyButForTheToken() {
    TypeText type =
        TypeText.http("GET")
            .token("authorization", "bearer ", Token.PLAIN)
            .device("x-dsn", "x-fwv", "x-type");

    assertThat(lines(type, Map.of()))
        .contains("authorization: bearer ")
        .noneMatch(line -> line.startsWith("x-"));
  }

  @Test
  void areReadForEachRequest() {
    Planner planner =
        Planner.of(TypeText.http("GET").token("authorization", "", Token.PLAIN).type());
    blobs.set(BlobKind.AUTH, Blob.utf8("old"));
    List<String> before = lines(planner, Map.of());

    blobs.set(BlobKind.AUTH, Blob.utf8("new"));

    assertThat(before).contains("authorization: old");
    assertThat(lines(planner, Map.of())).contains("authorization: new");
  }

  @Test
  void ofTwoHexadecimalDigitsForEachByteIfThePolicySaysSo() {
    blobs.set(BlobKind.AUTH, Blob.of(new byte[] {0, 10, (byte) 0xfe, 'A'}));
    TypeText type = TypeText.http("GET").token("authorization", "Key ", Token.HEX);

    assertThat(lines(type, Map.of())).contains("authorization: Key 000afe41");
  }

  @Test
  void ofAnyLengthAreSentWhole() {
    String token = "t".repeat(20_000);
    blobs.set(BlobKind.AUTH, Blob.utf8(token));
    TypeText type = TypeText.http("GET").token("authorization", "", Token.PLAIN);

    assertThat(lines(type, Map.of())).contains("authorization: " + token);
  }

  @Test
  void giveWayToMetadataOfTheSameHeader() {
    blobs.set(BlobKind.AUTH, Blob.utf8("blob"));
    TypeText type =
        TypeText.http("GET")
            .token("authorization", "", Token.PLAIN)
            .declare("auth", "authorization");

    assertThat(lines(type, Map.of("auth", "mine")))
        .filteredOn(line -> line.startsWith("authorization"))
        .containsExactly("authorization: mine");
  }

  @ParameterizedTest(name = "[{index}]")
  @ValueSource(strings = {"sesame\r\nx-evil: 1", "sesame\n", "sesame\r", "sesame\0"})
  void thatCouldSplitTheRequestFailTheAttemptWithoutBeingShown(String value) {
    blobs.set(BlobKind.AUTH, Blob.utf8(value));

    LinkException failure = failure(TypeText.http("GET").token("x-key", "", Token.PLAIN));

    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure)
        .hasMessageContainingAll("\"demo\"", "x-key", "AUTH", "set another value")
        .message()
        .doesNotContain("sesame");
  }

  @Test
  void thatAreNoTextFailTheAttempt() {
    blobs.set(BlobKind.DEVICE_TYPE, Blob.of(new byte[] {(byte) 0xff}));

    LinkException failure = failure(TypeText.http("GET").device("x-dsn", "x-fwv", "x-type"));

    assertThat(failure).hasMessageContainingAll("x-type", "DEVICE_TYPE", "UTF-8");
  }

  private LinkException failure(TypeText type) {
    return catchThrowableOfType(LinkException.class, () -> lines(type, Map.of()));
  }

  private List<String> lines(TypeText type, Map<String, String> metadata) {
    return lines(Planner.of(type.type()), metadata);
  }

  private List<String> lines(Planner planner, Map<String, String> metadata) {
    AttemptRequest request =
        new AttemptRequest(metadata, AttemptRequest.Body.ABSENT, OptionalLong.empty());
    return ((RequestPlan) planner.client(request.withBlobs(blobs)))
        .headers().stream().map(header -> header.name() + ": " + header.value()).toList();
  }
}
