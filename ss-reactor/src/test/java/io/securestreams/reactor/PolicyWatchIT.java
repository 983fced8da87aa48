package io.securestreams.reactor;

import static io.securestreams.reactor.testing.Stage.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.core.error.PolicyException;
import io.securestreams.reactor.api.PolicyEvent;
import io.securestreams.reactor.testing.LeakCheck;
import io.securestreams.reactor.testing.Stage;
import io.securestreams.reactor.testing.TestPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A policy file that is watched, and all the ways in which such files change. */
@ExtendWith(LeakCheck.class)
class PolicyWatchIT {

  /** So rare that only the file system's own word can be what is acted upon. */
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path directory;

  private SecureStreams streams;

  @AfterEach
  void close() {
    if (streams != null) {
      streams.close();
    }
  }

  @Test
  void fileThatIsWrittenAnew() throws IOException {
    Path file = write("policy.json", "one");
    watch(file, NEVER);

    write("policy.json", "two");

    awaitType("two");
  }

  @Test
  void fileThatIsReplacedByAnother() throws IOException {
    Path file = write("policy.json", "one");
    watch(file, NEVER);

    Files.move(write("policy.tmp", "two"), file, StandardCopyOption.REPLACE_EXISTING);

    awaitType("two");
  }

  @Test
  void fileBehindTheLinksOfAConfigMap() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..2026_1"));
    Files.writeString(first.resolve("policy.json"), policy("one"));
    Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_1"));
    Path file =
        Files.createSymbolicLink(directory.resolve("policy.json"), Path.of("..data/policy.json"));
    watch(file, NEVER);

    for (String release : new String[] {"two", "three"}) {
      Path next = Files.createDirectory(directory.resolve("..2026_" + release));
      Files.writeString(next.resolve("policy.json"), policy(release));
      Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
      Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      awaitType(release);
    }
  }

  @Test
  void fileBehindALinkToAnotherDirectory() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("a/b"));
    Path target = elsewhere.resolve("real.json");
    Files.writeString(target, policy("one"));
    Path file = Files.createSymbolicLink(directory.resolve("policy.json"), target);
    watch(file, NEVER);

    Files.writeString(target, policy("two"));

    awaitType("two");
  }

  @Test
  void fileOfAFileSystemThatTellsNothing() throws IOException {
    Path file = write("policy.json", "one");
    Path second = Files.createDirectory(directory.resolve("later"));
    watch(second.resolve("../policy.json"), Duration.ofMillis(20));

    write("policy.json", "two");

    awaitType("two");
    assertThat(file).exists();
  }

  @Test
  void lastGoodPolicyStaysUntilTheFileIsGoodAgain() throws IOException {
    Path file = write("policy.json", "one");
    watch(file, NEVER);

    Files.writeString(file, "{\"s\":[{\"broken\":{}}]}");
    Stage.await("the refusal", () -> awaitRejection().reason().contains("MISSING"));
    PolicyEvent.Rejected rejected = awaitRejection();
    assertThat(rejected.source()).isEqualTo(file.toString());
    assertThat(rejected.reason()).contains(file + ":1:17: error[MISSING]");
    assertThat(streams.policy().streamTypes()).containsOnlyKeys("one");

    Files.delete(file);
    Stage.await("the loss", () -> awaitRejection().reason().contains("cannot read"));
    assertThat(streams.policy().streamTypes()).containsOnlyKeys("one");

    write("policy.json", "two");
    awaitType("two");
  }

  @Test
  void sameContentIsNoNews() throws IOException {
    Path file = write("policy.json", "one");
    watch(file, NEVER);

    write("policy.json", "one");
    write("policy.json", "two");
    awaitType("two");

    assertThat(streams.policyEvents().ofType(PolicyEvent.Swapped.class).blockFirst(SOON))
        .isNotNull()
        .satisfies(event -> assertThat(event.disturbed()).isEmpty());
  }

  @Test
  void badFileIsRefusedAtTheStart() throws IOException {
    Path file = directory.resolve("policy.json");
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> watch(file, NEVER)).isInstanceOf(PolicyException.class);
    assertThatThrownBy(() -> watch(directory.resolve("none.json"), NEVER))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none.json");
  }

  @Test
  void timeBetweenLooksMustBePositive() {
    assertThatThrownBy(() -> new PolicyWatch(directory, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(PolicyWatch.watch(directory).look()).isEqualTo(Duration.ofSeconds(10));
  }

  private void watch(Path file, Duration look) {
    streams = SecureStreams.builder().policy(new PolicyWatch(file, look)).build();
  }

  private Path write(String name, String type) throws IOException {
    return Files.writeString(directory.resolve(name), policy(type));
  }

  private static String policy(String type) {
    return new TestPolicy().client(type, "ws", 9, "").text();
  }

  private void awaitType(String type) {
    Stage.await("the policy", () -> streams.policy().streamTypes().containsKey(type));
  }

  private PolicyEvent.Rejected awaitRejection() {
    return streams
        .policyEvents()
        .ofType(PolicyEvent.Rejected.class)
        .next()
        .blockOptional(SOON)
        .orElseThrow();
  }
}
