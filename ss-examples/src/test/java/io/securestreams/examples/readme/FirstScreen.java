package io.securestreams.examples.readme;

import io.securestreams.core.event.Payload;
import io.securestreams.reactor.SecureStreams;
import java.nio.file.Path;

/** What the README shows first. */
final class FirstScreen {

  private FirstScreen() {}

  public static void main(String[] args) {
    // region first-screen
    try (SecureStreams streams = SecureStreams.builder().policy(Path.of("policy.json")).build()) {
      streams
          .receive("feed", feed -> feed.metadata("channel", "news"))
          .map(Payload::utf8)
          .doOnNext(System.out::println)
          .blockLast();
    }
    // endregion
  }
}
