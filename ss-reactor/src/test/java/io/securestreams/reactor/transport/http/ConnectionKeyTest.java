package io.securestreams.reactor.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.plan.Address;
import io.securestreams.core.plan.BodyPlan;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.HttpWire;
import io.securestreams.core.plan.ResponseRules;
import io.securestreams.core.plan.Route;
import io.securestreams.core.plan.Target;
import io.securestreams.core.plan.TlsPlan;
import io.securestreams.core.plan.Trait;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.reactor.transport.http.ConnectionKey.Credit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What transactions must have in common to share a connection. */
final class ConnectionKeyTest {

  private static final Address PEER = new Address.Network("h", 443);

  private static ConnectionKey key(HttpWire wire, Target target, Credit credit, Trait... traits) {
    return ConnectionKey.of(
        new HttpPlan(
            "any",
            target,
            wire,
            "GET",
            "/",
            List.of(),
            BodyPlan.NONE,
            new ResponseRules(0, Map.of(), Map.of()),
            Set.of(traits)),
        credit);
  }

  private static ConnectionKey key(Target target) {
    return key(HttpWire.H2, target, Credit.AUTOMATIC);
  }

  private static Target target(Address address, String store, Route route) {
    TlsPlan tls =
        new TlsPlan(
            Optional.of(
                new TrustStore(
                    store,
                    List.of(new CertificateEntry("ca", new byte[] {(byte) store.length()})))));
    return new Target(address, Optional.of(tls), route);
  }

  private static Target usual() {
    return target(PEER, "own", Route.DIRECT);
  }

  @Test
  void isTheSameForTheSamePeerReachedAndVerifiedInTheSameWay() {
    assertThat(key(usual())).isEqualTo(key(usual())).hasSameHashCodeAs(key(usual()));
  }

  @Test
  void isAnotherForAnotherAddress() {
    assertThat(key(usual()))
        .isNotEqualTo(key(target(new Address.Network("h", 444), "own", Route.DIRECT)))
        .isNotEqualTo(key(target(new Address.Network("i", 443), "own", Route.DIRECT)))
        .isNotEqualTo(key(target(new Address.Unix("h"), "own", Route.DIRECT)));
  }

  @Test
  void isAnotherForAnotherTrustStoreAndWithoutTls() {
    assertThat(key(usual()))
        .isNotEqualTo(key(target(PEER, "other", Route.DIRECT)))
        .isNotEqualTo(key(new Target(PEER, Optional.empty(), Route.DIRECT)))
        .isNotEqualTo(
            key(new Target(PEER, Optional.of(new TlsPlan(Optional.empty())), Route.DIRECT)));
  }

  @Test
  void isAnotherOnAnotherRoute() {
    SocksProxy proxy = new SocksProxy(Optional.empty(), "p", 1080);
    IpAttributes marked = new IpAttributes(3, Set.of());
    assertThat(key(usual()))
        .isNotEqualTo(key(target(PEER, "own", new Route(Optional.of(proxy), IpAttributes.NONE))))
        .isNotEqualTo(key(target(PEER, "own", new Route(Optional.empty(), marked))));
  }

  @Test
  void isAnotherForAnotherVersionAndForOtherCredit() {
    assertThat(key(usual()))
        .isNotEqualTo(key(HttpWire.H1, usual(), Credit.AUTOMATIC))
        .isNotEqualTo(key(HttpWire.H2, usual(), Credit.MANUAL))
        .isNotEqualTo(key(HttpWire.H2, usual(), Credit.AUTOMATIC, Trait.OVERFLOW_CREDIT))
        .isEqualTo(key(HttpWire.H2, usual(), Credit.AUTOMATIC, Trait.PERF));
  }
}
