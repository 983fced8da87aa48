package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamServer;
import io.securestreams.reactor.testing.ScriptedHandler;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callbacks that are replaced while streams use them. */
class ChangeHandlersTest {

  private static final String POLICY =
      """
      {"s":[
       {"site":{"server":true,"port":80,"protocol":"h1","ws_subprotocol":"p",
               "metadata":[{"method":"","path":""}]}},
       {"chat":{"endpoint":"h","port":80,"protocol":"ws"}}
       ]}
      """;

  @RegisterExtension final TestStreams context = TestStreams.scripted(POLICY);

  private final ScriptedHandler before = new ScriptedHandler();
  private final ScriptedHandler after = new ScriptedHandler();

  @Test
  void anUpgradedConnectionGoesOnWithOthersFromInsideTheUpgrade() {
    before.inside("SERVER_UPGRADE", stream -> stream.changeHandlers(after, after, after));
    after.inside("rx", SecureStream::requestTx).give("pong", MessageFlags.SOM_EOM);
    context.streams().serve("site", before);

    TestLink link = context.server().connect().upgrades().message("ping!");
    link.drop();

    assertThat(before.all())
        .containsExactly("CREATING", "CONNECTING", "CONNECTED", "SERVER_UPGRADE");
    assertThat(after.all()).containsExactly("rx(5,SOM|EOM)", "tx#0", "DISCONNECTED", "DESTROYING");
    assertThat(link.sent()).containsExactly("pong:SOM|EOM");
  }

  @Test
  void aClientKeepsWhatIsNotReplaced() {
    SecureStream stream = context.streams().open("chat", before);
    stream.connect();
    TestLink link = context.link().up();
    stream.changeHandlers((source, payload, flags) -> StreamReturn.DISCONNECT_ME, null, null);
    before.skip();

    link.message("out!");

    assertThat(before.fresh()).containsExactly("DISCONNECTED");
  }

  @Test
  void eachCallbackIsReplacedByItself() {
    SecureStream stream = context.streams().open("chat", before);
    stream.connect();
    TestLink link = context.link().up();
    before.skip();
    before.give("old", MessageFlags.SOM_EOM);
    after.give("new", MessageFlags.SOM_EOM);

    stream.changeHandlers(null, after, null);
    stream.requestTx();
    link.message("a");
    stream.changeHandlers(null, null, after);
    link.drop();

    assertThat(link.sent()).containsExactly("new:SOM|EOM");
    assertThat(before.fresh()).containsExactly("rx(1,SOM|EOM)");
    assertThat(after.all()).containsExactly("tx#0", "DISCONNECTED");
  }

  @Test
  void aListenersCallbacksAreReplacedForLaterClientsOnly() {
    StreamServer server = context.streams().serve("site", before);
    TestLink first = context.server().connect();
    before.skip();

    server.changeHandlers(after, after, after);
    context.server().connect();
    first.asks("GET");

    assertThat(after.all()).containsExactly("CREATING", "CONNECTING");
    assertThat(before.fresh()).containsExactly("CONNECTED", "SERVER_TXN");
  }

  @Test
  void thereIsNothingToReplaceBesideASubscriber() {
    SecureStream stream = context.open("chat");
    StreamServer server = context.streams().serve("site");

    assertThatThrownBy(() -> stream.changeHandlers(after, null, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'chat' has a subscriber and no handler");
    assertThatThrownBy(() -> server.changeHandlers(after, null, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'site' has a subscriber and no handler");
  }
}
