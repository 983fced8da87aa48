package io.securestreams.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.lifecycle.LifecycleProfile.Role;
import io.securestreams.core.lifecycle.LifecycleProfile.Trait;
import io.securestreams.core.lifecycle.LinkFailure.Resend;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.BufferSettings;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.MqttSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.Strategy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.WsSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LifecycleProfileTest {

  private static StreamType type(Side side, Protocol protocol, Strategy... strategy) {
    return new StreamType(
        "feed",
        side,
        protocol,
        Optional.empty(),
        443,
        Optional.empty(),
        Set.of(strategy),
        Optional.of(new RetryScheme("r", List.of(700L), 1, 20, 0, 0)),
        1500,
        TlsSettings.NONE,
        IpAttributes.NONE,
        List.of(),
        HttpSettings.NONE,
        AuthSettings.NONE,
        WsSettings.NONE,
        MqttSettings.NONE,
        Map.of(),
        BufferSettings.NONE,
        Optional.empty(),
        List.of());
  }

  static Stream<Arguments> streamTypes() {
    return Stream.of(
        Arguments.of(
            type(Side.CLIENT, Protocol.H2),
            Role.CLIENT,
            Set.of(Trait.TRANSACTIONAL, Trait.RECONNECTS)),
        Arguments.of(
            type(Side.CLIENT, Protocol.H1, Strategy.OPPORTUNISTIC),
            Role.CLIENT,
            Set.of(Trait.TRANSACTIONAL)),
        Arguments.of(
            type(Side.CLIENT, Protocol.WS, Strategy.NAILED_UP, Strategy.URGENT_TX),
            Role.CLIENT,
            Set.of(Trait.NAILED_UP, Trait.RECONNECTS)),
        Arguments.of(
            type(Side.CLIENT, Protocol.MQTT, Strategy.NAILED_UP, Strategy.OPPORTUNISTIC),
            Role.CLIENT,
            Set.of(Trait.NAILED_UP)),
        Arguments.of(type(Side.LOCAL_SINK, Protocol.H1), Role.LISTENER, Set.of(Trait.RECONNECTS)),
        Arguments.of(
            type(Side.SERVER, Protocol.H1, Strategy.OPPORTUNISTIC),
            Role.LISTENER,
            Set.of(Trait.TRANSACTIONAL, Trait.RECONNECTS)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streamTypes")
  void readsTheStreamType(StreamType type, Role role, Set<Trait> traits) {
    LifecycleProfile profile = LifecycleProfile.of(type);
    assertThat(profile.role()).isEqualTo(role);
    assertThat(profile.traits()).isEqualTo(traits);
    assertThat(profile.timeoutMs()).isEqualTo(1500);
  }

  @ParameterizedTest(name = "{0}: {1} ms")
  @CsvSource({"CLIENT, 700", "SERVER, 3000", "LOCAL_SINK, 3000"})
  void onlyAClientHasTheDelaysOfItsScheme(Side side, long delayMs) {
    LifecycleProfile profile = LifecycleProfile.of(type(side, Protocol.H1));
    assertThat(profile.backoff().fail(0, 0, 0).delayMs()).isEqualTo(delayMs);
  }

  @Test
  void bothSidesOfASinkLiveAsAcceptedStreams() {
    LifecycleProfile sink = LifecycleProfile.of(type(Side.LOCAL_SINK, Protocol.H1));
    Drive.of(Lifecycle.accepted(sink))
        .play("create up destroy -> CREATING CONNECTING CONNECTED DISCONNECTED DESTROYING");
  }

  @Test
  void acceptedStreamsTakeTheProfileOfTheirListener() {
    LifecycleProfile listener = LifecycleProfile.of(type(Side.SERVER, Protocol.H1));
    assertThat(Lifecycle.accepted(listener).profile().role()).isEqualTo(Role.ACCEPTED);
    assertThat(Lifecycle.accepted(listener).profile().timeoutMs()).isEqualTo(1500);
    assertThat(Lifecycle.listener(listener).profile()).isSameAs(listener);
  }

  @Test
  void refusesANegativeTimeout() {
    LifecycleProfile profile = Drive.profile(Role.CLIENT, Drive.R0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LifecycleProfile(Role.CLIENT, Set.of(), profile.backoff(), -1));
  }

  @Test
  void failuresAreMadeFromExceptions() {
    LinkFailure failure =
        LinkFailure.of(new LinkException(FailureKind.TLS_HOST, "a.example is not b.example"));
    assertThat(failure)
        .isEqualTo(
            new LinkFailure(
                FailureKind.TLS_HOST, "a.example is not b.example", 0, Resend.ALLOWED, 0));
    assertThat(failure.withRetryAfter(9).withoutResend().withOrdinal(1))
        .isEqualTo(
            new LinkFailure(
                FailureKind.TLS_HOST, "a.example is not b.example", 9, Resend.FORBIDDEN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> failure.withRetryAfter(-1));
  }
}
