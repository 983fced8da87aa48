package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.AttemptRequest.Body;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.core.trust.CertificateMaker;
import io.securestreams.core.trust.ClientIdentity;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where attempts go: hosts, Unix sockets and files, and with which identity. */
final class TargetPlannerTest {

  private static final String ECDSA = "SHA256withECDSA";
  private static final SocksProxy PROXY = new SocksProxy(Optional.empty(), "proxy.test", 1080);
  private static final IpAttributes LOW_LATENCY =
      new IpAttributes(3, Set.of(IpAttributes.Service.LOW_LATENCY));

  private static AttemptRequest request(Map<String, String> metadata, SystemBlobs blobs) {
    return new AttemptRequest(metadata, Body.ABSENT, OptionalLong.empty()).withBlobs(blobs);
  }

  private static ClientPlan plan(StreamType type) {
    return Planner.client(type, AttemptRequest.EMPTY);
  }

  private static LinkException failure(StreamType type, AttemptRequest request) {
    return catchThrowableOfType(LinkException.class, () -> Planner.client(type, request));
  }

  private static TypeText raw() {
    return TypeText.ws().protocol(Protocol.RAW);
  }

  @Test
  void plansABareConnection() {
    assertThat(plan(raw().type()))
        .isEqualTo(
            new RawPlan("demo", new Target("example.test", 8080, Optional.empty()), Set.of()));
    assertThat(((RawPlan) plan(raw().tls().type())).target().tls()).isPresent();
  }

  @Test
  void givesTheSameBareConnectionAgain() {
    Planner planner = Planner.of(raw().declare("token", "x-token").type());

    ClientPlan plan = planner.client(AttemptRequest.EMPTY);

    assertThat(planner.client(request(Map.of("token", "t"), new SystemBlobs()))).isSameAs(plan);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @EnumSource(names = {"H1", "WS", "RAW"})
  void plansAUnixSocketForEveryProtocol(Protocol protocol) {
    TypeText text = TypeText.http("GET").protocol(protocol).port(7).via(PROXY).asking(LOW_LATENCY);

    for (String name : new String[] {"/run/a b", "@name", "relative"}) {
      ClientPlan plan = plan(text.endpoint("+" + name).type());

      Target target = plan instanceof RawPlan raw ? raw.target() : ((RequestPlan) plan).target();
      assertThat(target)
          .isEqualTo(new Target(new Address.Unix(name), Optional.empty(), Route.DIRECT));
      assertThat(target.authority()).isEqualTo("localhost");
      assertThat(target).hasToString("+" + name);
    }
  }

  @Test
  void aUnixSocketMayBeSecured() {
    RawPlan plan = (RawPlan) plan(raw().endpoint("+/run/s").tls().type());

    assertThat(plan.target().tls()).isPresent();
  }

  @Test
  void refusesASocketNameThatNoSystemTakes() {
    String name = "/" + "\u00e4".repeat(53);
    assertThat(plan(raw().endpoint("+" + name).type())).isInstanceOf(RawPlan.class);

    LinkException failure = failure(raw().endpoint("+" + name + "x").type(), AttemptRequest.EMPTY);

    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure).hasMessageContaining("in 108 bytes, of which at most 107 fit");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @EnumSource
  void aFileNeedsNoProtocol(Protocol protocol) {
    StreamType type =
        TypeText.http("GET").noMethod().protocol(protocol).endpoint("file:///a/../b").type();

    assertThat(plan(type)).isEqualTo(new FilePlan("demo", Path.of("/a/../b")));
  }

  @Test
  void metadataNamesAFileButNeverLeadsOutOfItsDirectory() {
    StreamType type = raw().endpoint("file:///data/${name}").declare("name", "").type();
    AttemptRequest inside = request(Map.of("name", "a..b"), new SystemBlobs());

    assertThat(Planner.client(type, inside)).isEqualTo(new FilePlan("demo", Path.of("/data/a..b")));

    AttemptRequest outside = request(Map.of("name", "../etc/passwd"), new SystemBlobs());
    LinkException failure = failure(type, outside);
    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure).hasMessageContaining("\"..\"").hasMessageContaining("metadata [name]");
  }

  @Test
  void carriesProxyAndAttributes() {
    RawPlan plan = (RawPlan) plan(raw().via(PROXY).asking(LOW_LATENCY).type());

    assertThat(plan.target().route()).isEqualTo(new Route(Optional.of(PROXY), LOW_LATENCY));
  }

  @Test
  void showsTheIdentityThatTheBlobsHoldNow() throws CertificateEncodingException {
    SystemBlobs blobs = set(new SystemBlobs(), 3, CertificateMaker.of("EC", 256, ECDSA));
    byte[] one = blobs.get(BlobKind.CLIENT_CERTIFICATE, 3).bytes();
    Planner planner = Planner.of(raw().clientCertificate(3).type());

    ClientIdentity first = identity(planner, blobs);
    blobs.set(BlobKind.CLIENT_CERTIFICATE, 3, Blob.of(one));
    ClientIdentity again = identity(planner, blobs);
    ClientIdentity other = identity(planner, set(blobs, 3, CertificateMaker.of("EC", 256, ECDSA)));

    assertThat(first.chain().get(0).getEncoded()).isEqualTo(one);
    assertThat(again).as("parsed once").isSameAs(first);
    assertThat(other).isNotEqualTo(first);
  }

  private static SystemBlobs set(SystemBlobs blobs, int slot, CertificateMaker maker) {
    return blobs
        .set(BlobKind.CLIENT_CERTIFICATE, slot, blob(maker.base64()))
        .set(BlobKind.CLIENT_KEY, slot, blob(maker.keyBase64()));
  }

  private static Blob blob(String base64) {
    return Blob.of(Base64.getDecoder().decode(base64));
  }

  private static ClientIdentity identity(Planner planner, SystemBlobs blobs) {
    RawPlan plan = (RawPlan) planner.client(request(Map.of(), blobs));
    return plan.target().tls().orElseThrow().identity().orElseThrow();
  }

  @ParameterizedTest(name = "[{index}] without {0}")
  @EnumSource(names = {"CLIENT_CERTIFICATE", "CLIENT_KEY"})
  void namesTheBlobThatIsNotSet(BlobKind missing) {
    SystemBlobs blobs =
        set(new SystemBlobs(), 1, CertificateMaker.of("RSA", 2048, "SHA256withRSA"));
    blobs.set(missing, 1, Blob.empty());

    LinkException failure = failure(raw().clientCertificate(1).type(), request(Map.of(), blobs));

    assertThat(failure.kind()).isEqualTo(FailureKind.AUTH);
    assertThat(failure)
        .hasMessageContaining("\"demo\"")
        .hasMessageContaining("blob " + missing + " of slot 1 is not set");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"CLIENT_CERTIFICATE", "CLIENT_KEY"})
  void namesTheBlobsThatAreNoIdentity(BlobKind broken) {
    SystemBlobs blobs = set(new SystemBlobs(), 0, CertificateMaker.of("EC", 256, ECDSA));
    blobs.set(broken, 0, Blob.utf8("secret"));

    LinkException failure = failure(raw().clientCertificate(0).type(), request(Map.of(), blobs));

    assertThat(failure.kind()).isEqualTo(FailureKind.AUTH);
    assertThat(failure)
        .hasMessageContaining("blobs CLIENT_CERTIFICATE and CLIENT_KEY of slot 0")
        .hasMessageContaining("cannot be decoded");
    assertThat(failure.getMessage()).doesNotContain("secret");
  }

  @Test
  void showsNothingWithoutTls() {
    StreamType type =
        TypeText.http("GET").clientCertificate(0).endpoint("http://example.test").type();

    assertThat(((RequestPlan) plan(type)).target().tls()).isEmpty();
  }
}
