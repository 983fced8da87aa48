package io.securestreams.examples.handler;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;

/**
 * The way of the C library: callbacks for state, rx and tx. The client sends a number whenever the
 * connection can take one, and destroys itself when the third one came back.
 */
public final class HandlerExample {

  private HandlerExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(HandlerExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      StreamServer server = streams.serve("echo_srv", new Echo());
      server.address().toFuture().join();
      Counter counter = new Counter(out);
      SecureStream stream = streams.open("echo", counter);
      counter.destroyed.join();
      out.println("the end of " + stream.streamType());
      server.destroy();
    }
  }

  /** The client. */
  private static final class Counter implements StreamHandler {

    private final CompletableFuture<Void> destroyed = new CompletableFuture<>();
    private final PrintStream out;

    Counter(PrintStream out) {
      this.out = out;
    }

    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      out.println(event.state());
      if (event.state() == StreamState.CONNECTED) {
        stream.requestTx();
      } else if (event.state() == StreamState.DESTROYING) {
        destroyed.complete(null);
      }
      return StreamReturn.OK;
    }

    @Override
    public StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer) {
      buffer.write(Payload.utf8("number " + ordinal), MessageFlags.SOM_EOM);
      return StreamReturn.OK;
    }

    @Override
    public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
      out.println("rx " + payload.utf8());
      if (payload.utf8().equals("number 2")) {
        return StreamReturn.DESTROY_ME;
      }
      stream.requestTx();
      return StreamReturn.OK;
    }
  }

  /** The server: one object for all clients, so what came in goes out through the tx queue. */
  private static final class Echo implements StreamHandler {

    @Override
    public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
      stream.tx().tryEmitNext(payload).orThrow();
      return StreamReturn.OK;
    }
  }
}
