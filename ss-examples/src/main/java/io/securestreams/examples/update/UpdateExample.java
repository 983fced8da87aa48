package io.securestreams.examples.update;

import static io.securestreams.reactor.PolicyWatch.watch;

import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.PolicyEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import reactor.core.publisher.Mono;

/** Edits the policy file of a running feed: it moves; then spoils the file: nothing happens. */
public final class UpdateExample {

  private UpdateExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   * @throws IOException if there is no room for a policy file
   * @throws InterruptedException if somebody wants it to stop
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException, InterruptedException {
    String policy = LocalPolicy.load(UpdateExample.class, "policy.json").json();
    Path file = Files.writeString(Files.createTempFile("policy", ".json"), policy);
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    // region watch
    SecureStreams streams = SecureStreams.builder().policy(watch(file)).build();
    streams.policyEvents().subscribe(event -> seen.add(tell(event)));
    // endregion
    try (streams) {
      out.println(seen.take());
      streams
          .serve("feed_srv")
          .accepted()
          .flatMap(UpdateExample::greet)
          .subscribe(nothing -> {}, Throwable::printStackTrace);
      streams.receive("feed").map(Payload::utf8).subscribe(seen::add, Throwable::printStackTrace);
      out.println(seen.take());

      replace(file, policy.replace("morning", "evening"));
      out.println(seen.take());
      out.println(seen.take());

      replace(file, policy.replace("\"ws\"", "\"wss\""));
      out.println(seen.take());
    } finally {
      Files.delete(file);
    }
  }

  /** At once, so that nobody ever reads half a policy. */
  private static void replace(Path file, String policy) throws IOException {
    Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), policy);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String tell(PolicyEvent event) {
    if (event instanceof PolicyEvent.Swapped swapped) {
      return "new policy, disturbed: " + swapped.disturbed();
    }
    return event instanceof PolicyEvent.Rejected
        ? "refused, with " + event.findings().size() + " findings"
        : "first policy, with " + event.findings().size() + " findings";
  }

  private static Mono<Void> greet(AcceptedStream client) {
    return client
        .events()
        .ofType(StateEvent.class)
        .filter(event -> event.state() == StreamState.SERVER_UPGRADE)
        .flatMap(up -> client.tx().send(Payload.utf8("from " + client.metadata("path").orElse(""))))
        .then()
        .onErrorComplete();
  }
}
