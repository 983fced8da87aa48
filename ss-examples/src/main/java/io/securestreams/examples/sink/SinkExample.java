package io.securestreams.examples.sink;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.api.StreamServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * An audit log inside the process. Who writes to it opens a stream as if it were anywhere: with
 * another policy the same code would write to a server.
 */
public final class SinkExample {

  private SinkExample() {}

  /**
   * Runs the example.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    LocalPolicy policy = LocalPolicy.load(SinkExample.class, "policy.json");
    try (SecureStreams streams = SecureStreams.builder().policy(policy.json()).build()) {
      StreamServer audit = streams.sink("audit", new Audit(out));
      List<String> receipts =
          write(streams, "a user signed in", "a user signed out").toFuture().join();
      audit.closeGracefully(Duration.ofSeconds(5)).toFuture().join();
      out.println("receipts: " + receipts);
      out.println(
          write(streams, "nobody hears this")
              .onErrorResume(
                  StreamFailedException.class, e -> Mono.just(List.of("no sink: " + e.kind())))
              .toFuture()
              .join());
    }
  }

  /** Lines to the log, a receipt for each from there. */
  private static Mono<List<String>> write(SecureStreams streams, String... lines) {
    return streams
        .receive(
            "audit",
            stream -> {
              for (String line : lines) {
                stream.tx().tryEmitNext(Payload.utf8(line)).orThrow();
              }
            })
        .map(Payload::utf8)
        .take(lines.length)
        .collectList();
  }

  /** Keeps the log, for up to ten writers at a time. */
  private static final class Audit implements StreamHandler {

    private static final int MOST = 10;

    private final PrintStream out;
    private int lines;

    Audit(PrintStream out) {
      this.out = out;
    }

    /** The writer's own handle comes with SINK_JOIN and SINK_PART, the sink's side otherwise. */
    @Override
    public StreamReturn state(SecureStream stream, StateEvent event) {
      if (event.state() == StreamState.SINK_JOIN) {
        out.println("a writer joins " + event.ordinal() + " others");
        return event.ordinal() < MOST ? StreamReturn.OK : StreamReturn.DISCONNECT_ME;
      }
      if (event.state() == StreamState.SINK_PART) {
        out.println("a writer leaves " + event.ordinal() + " others");
      }
      return StreamReturn.OK;
    }

    @Override
    public StreamReturn rx(SecureStream stream, Payload line, MessageFlags flags) {
      lines++;
      out.println("line " + lines + ": " + line.utf8());
      stream.tx().tryEmitNext(Payload.utf8("line " + lines)).orThrow();
      return StreamReturn.OK;
    }
  }
}
