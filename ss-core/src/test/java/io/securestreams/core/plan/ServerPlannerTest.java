package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.Protocol;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerPlannerTest {

  @Test
  void listensOnAllInterfacesUnlessAnEndpointIsNamed() {
    ServerPlan plan = Planner.server(TypeText.server().port(0).declare("path", "").type());

    assertThat(plan.host()).isEmpty();
    assertThat(plan.port()).isZero();
    assertThat(plan.identity()).isEmpty();
    assertThat(plan.upgrades()).isFalse();
    assertThat(plan.metadata()).hasSize(1);
    assertThat(plan.contentLength()).isEqualTo(HttpSettings.ContentLength.SENT_WHEN_KNOWN);
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "[::1], ::1", "lo, lo", "${x}, ${x}"})
  void bindsTheEndpointVerbatim(String endpoint, String host) {
    assertThat(Planner.server(TypeText.server().endpoint(endpoint).type()).host()).contains(host);
  }

  @Test
  void servesTlsWithTheNamedCertificateAndKey() {
    ServerPlan plan = Planner.server(TypeText.server().identity("cert", "key").type());

    assertThat(plan.identity())
        .contains(new ServerPlan.Identity(TypeText.entry("cert"), TypeText.entry("key")));
  }

  @Test
  void upgradesIfASubprotocolIsNamed() {
    assertThat(Planner.server(TypeText.server().subprotocol("chat").type()).upgrades()).isTrue();
    assertThat(Planner.server(TypeText.server().protocol(Protocol.WS).type()).protocol())
        .isEqualTo(Protocol.WS);
  }

  @Test
  void servesHttp2WithAndWithoutTls() {
    TypeText text = TypeText.server().protocol(Protocol.H2);

    assertThat(Planner.server(text.type()).protocol()).isEqualTo(Protocol.H2);
    assertThat(Planner.server(text.identity("cert", "key").type()).protocol())
        .isEqualTo(Protocol.H2);
  }

  @Test
  void servesHttp3() {
    TypeText text = TypeText.server().protocol(Protocol.H3).identity("cert", "key");

    assertThat(Planner.server(text.type()).protocol()).isEqualTo(Protocol.H3);
  }

  @Test
  void refusesWhatItCannotServe() {
    refuses(TypeText.http("GET"), "is no server");
    refuses(TypeText.server().protocol(Protocol.MQTT), "mqtt");
    refuses(TypeText.server().endpoint("+"), "\"+\" names no Unix socket");
    refuses(
        TypeText.server().endpoint("+/" + "x".repeat(107)), "in 108 bytes, of which at most 107");
    refuses(TypeText.server().endpoint("!other"), "cannot attach to \"other\"");
    refuses(TypeText.server().endpoint("[lo]"), "brackets");
    refuses(TypeText.server().tls(), "server_cert");
  }

  @Test
  void servesByteStreams() {
    assertThat(Planner.server(TypeText.server().protocol(Protocol.RAW).type()).protocol())
        .isEqualTo(Protocol.RAW);
  }

  @Test
  void listensAtUnixSockets() {
    assertThat(Planner.server(TypeText.server().endpoint("+/run/socket").type()).address())
        .isEqualTo(new Address.Unix("/run/socket"));
    assertThat(Planner.server(TypeText.server().endpoint("+@name").type()).address())
        .isEqualTo(new Address.Unix("@name"));
    assertThat(Planner.server(TypeText.server().port(7).type()).address())
        .isEqualTo(new Address.Network("", 7));
  }

  @Test
  void whatIsBoundTwiceMayCollide() {
    ServerPlan lo = Planner.server(TypeText.server().endpoint("lo").port(7).type());
    ServerPlan socket = Planner.server(TypeText.server().endpoint("+@a").port(7).type());

    assertThat(lo.mayCollideWith(Planner.server(TypeText.server().port(7).type()))).isTrue();
    assertThat(lo.mayCollideWith(Planner.server(TypeText.server().port(8).type()))).isFalse();
    assertThat(lo.mayCollideWith(socket)).isFalse();
    assertThat(socket.mayCollideWith(Planner.server(TypeText.server().endpoint("+@a").type())))
        .isTrue();
    assertThat(socket.mayCollideWith(Planner.server(TypeText.server().endpoint("+@b").type())))
        .isFalse();
  }

  @Test
  void portOfUdpIsNoneOfTcp() {
    ServerPlan tcp = Planner.server(TypeText.server().port(7).type());
    ServerPlan udp = Planner.server(TypeText.server().protocol(Protocol.H3).port(7).type());

    assertThat(tcp.mayCollideWith(udp)).isFalse();
    assertThat(udp.mayCollideWith(tcp)).isFalse();
    assertThat(udp.mayCollideWith(udp)).as("closing the one makes no room").isFalse();
  }

  @Test
  void asksTheNetworkForWhatThePolicySays() {
    IpAttributes asked = new IpAttributes(2, Set.of(IpAttributes.Service.LOW_COST));

    assertThat(Planner.server(TypeText.server().asking(asked).type()).attributes())
        .isEqualTo(asked);
  }

  private static void refuses(TypeText text, String says) {
    LinkException failure =
        catchThrowableOfType(LinkException.class, () -> Planner.server(text.type()));

    assertThat(failure).as(says).isNotNull().hasMessageContaining("\"demo\"");
    assertThat(failure.kind()).isEqualTo(FailureKind.POLICY);
    assertThat(failure).hasMessageContaining(says);
  }
}
