package io.securestreams.examples.staticpolicy;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.transport.local.LocalTransport;
import java.io.PrintStream;
import reactor.core.Disposable;

/**
 * Takes its policy from {@link GreetingPolicy}, which {@code sstream generate} made of {@code
 * policy.json}. Client and server meet in this process, so no port is needed.
 *
 * <p>After a change of {@code policy.json}, in {@code ss-examples}:
 *
 * <pre>{@code
 * ./sstream generate src/main/resources/io/securestreams/examples/staticpolicy/policy.json \
 *   --package io.securestreams.examples.staticpolicy --class GreetingPolicy --out src/main/java
 * }</pre>
 */
public final class StaticPolicyExample {

  private StaticPolicyExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    PolicyDatabase policy = GreetingPolicy.database();
    out.println(policy.product().orElse("?") + ", release " + policy.release().orElse("?"));
    try (SecureStreams streams =
        SecureStreams.builder().policy(policy).transport(LocalTransport.create()).build()) {
      Disposable server = serve(streams);
      Payload answer =
          streams
              .exchange("greeting", request -> request.metadata("name", "world"))
              .toFuture()
              .join();
      out.println("the server said: " + answer.utf8());
      server.dispose();
    }
  }

  private static Disposable serve(SecureStreams streams) {
    return streams
        .serve("greeter")
        .accepted()
        .flatMap(client -> client.events().doOnNext(event -> answer(client, event)))
        .subscribe(event -> {}, Throwable::printStackTrace);
  }

  private static void answer(AcceptedStream client, StreamEvent event) {
    if (event instanceof StateEvent state && state.state() == StreamState.SERVER_TXN) {
      client.serverAck(200);
      client.tx().tryEmitNext(Payload.utf8(client.metadata("path").orElse("?"))).orThrow();
    }
  }
}
