package io.securestreams.reactor.transport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.reactor.spi.LinkSignal.Closed;
import io.securestreams.reactor.spi.LinkSignal.Frame;
import io.securestreams.reactor.spi.LinkSignal.Up;
import io.securestreams.reactor.spi.Listener;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.testing.ClientFixture;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.RawClient;
import io.securestreams.reactor.testing.RecordedLink;
import io.securestreams.reactor.testing.RecordingAcceptor;
import io.securestreams.reactor.testing.ServerFixture;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The most connections of a listener. */
@ExtendWith(LeakCheck.class)
class AdmissionIT {

  private static final TransportSettings THREE =
      TransportSettings.DEFAULTS.withServers(ServerLimits.DEFAULTS.withConnections(3));

  private ServerFixture fixture = new ServerFixture(THREE);
  private final RecordingAcceptor acceptor = new RecordingAcceptor(Long.MAX_VALUE);
  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(RawClient::close);
    fixture.close();
  }

  private Listener listen() {
    return fixture.listen(ServerFixture.plan(Protocol.RAW, WsSettings.NONE), acceptor);
  }

  private RawClient connect(Listener listener) {
    RawClient client = RawClient.to(ServerFixture.port(listener));
    clients.add(client);
    return client;
  }

  private RecordedLink accepted() {
    RecordedLink link = acceptor.next();
    link.next(Up.class);
    return link;
  }

  @Test
  void whoIsTooManyWaitsUntilAnotherGoes() {
    waitsUntilAnotherGoes();
  }

  @Test
  void whoIsTooManyWaitsWithoutNettysTransport() {
    fixture.close();
    fixture = new ServerFixture(THREE, ClientFixture.nio("server-nio"));
    waitsUntilAnotherGoes();
  }

  private void waitsUntilAnotherGoes() {
    Listener listener = listen();
    RawClient first = connect(listener);
    RecordedLink link = accepted();
    connect(listener);
    accepted();
    connect(listener);
    accepted();
    RawClient waiting = connect(listener).send("patience");
    connect(listener);
    // The three are served while the others wait.
    first.send("one");
    assertThat(link.next(Frame.class).payload().utf8()).isEqualTo("one");
    assertThat(acceptor.isEmpty()).isTrue();

    first.close();

    link.next(Closed.class);
    assertThat(accepted().next(Frame.class).payload().utf8()).isEqualTo("patience");
    assertThat(acceptor.isEmpty()).isTrue();
    waiting.close();
    accepted();
  }

  @Test
  void aPausedListenerStaysPausedWhenAConnectionGoes() throws Exception {
    Listener listener = listen();
    for (int i = 0; i < 3; i++) {
      connect(listener);
      accepted();
    }
    listener.pause();
    RawClient waiting = connect(listener).send("x");
    clients.get(0).close();
    waiting.socket().setSoTimeout(200);
    assertThatThrownBy(waiting::read).hasCauseInstanceOf(SocketTimeoutException.class);
    assertThat(acceptor.isEmpty()).isTrue();

    listener.resume();

    accepted();
  }
}
