package io.securestreams.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories a change of a file can come from. */
class DirectoryWatchesTest {

  @TempDir Path temporary;

  private Path top;

  @BeforeEach
  void resolve() throws IOException {
    top = temporary.toRealPath();
  }

  @Test
  void fileWithoutLinks() throws IOException {
    assertThat(DirectoryWatches.directories(directory("a/b").resolve("file")))
        .containsExactly(top.resolve("a/b"));
  }

  @Test
  void linksAboveAnAbsoluteLink() throws IOException {
    directory("real");
    Path upper = Files.createSymbolicLink(top.resolve("upper"), directory("first"));
    Files.createSymbolicLink(top.resolve("first/lower"), top.resolve("real"));

    assertThat(DirectoryWatches.directories(upper.resolve("lower/file")))
        .containsExactlyInAnyOrder(top, top.resolve("first"), top.resolve("real"));
  }

  @Test
  void wayUpFromBehindALink() throws IOException {
    directory("far/away");
    Files.createSymbolicLink(top.resolve("near"), Path.of("far/away"));

    assertThat(DirectoryWatches.directories(top.resolve("near/../file")))
        .containsExactlyInAnyOrder(top, top.resolve("far"));
  }

  @Test
  void linkWhoseTargetGoesThroughAnotherAndUp() throws IOException {
    directory("far/away");
    Files.createSymbolicLink(top.resolve("near"), Path.of("far/away"));
    Path file = Files.createSymbolicLink(directory("x").resolve("file"), Path.of("../near/../it"));

    assertThat(DirectoryWatches.directories(file))
        .containsExactlyInAnyOrder(top.resolve("x"), top, top.resolve("far"));
  }

  @Test
  void linkToALinkInAnotherDirectory() throws IOException {
    Path last = Files.createSymbolicLink(directory("c").resolve("file"), top.resolve("d/file"));
    Path middle = Files.createSymbolicLink(directory("b").resolve("file"), last);
    Path first = Files.createSymbolicLink(directory("a").resolve("file"), middle);

    assertThat(DirectoryWatches.directories(first))
        .containsExactly(top.resolve("a"), top.resolve("b"), top.resolve("c"), top.resolve("d"));
  }

  @Test
  void linksInACircleComeToAnEnd() throws IOException {
    Files.createSymbolicLink(directory("a").resolve("file"), top.resolve("b/file"));
    Path file = Files.createSymbolicLink(directory("b").resolve("file"), top.resolve("a/file"));

    assertThat(DirectoryWatches.directories(file))
        .containsExactlyInAnyOrder(top.resolve("a"), top.resolve("b"));
  }

  @Test
  void directoryOfAnEarlierReleaseIsNoLongerWatched() throws IOException, InterruptedException {
    directory("one");
    directory("two");
    Path current =
        Files.createSymbolicLink(directory("site").resolve("current"), top.resolve("one"));
    try (WatchService service = FileSystems.getDefault().newWatchService()) {
      DirectoryWatches watches = new DirectoryWatches(service);
      watches.follow(current.resolve("file"));
      Files.delete(current);
      Files.createSymbolicLink(current, top.resolve("two"));
      watches.follow(current.resolve("file"));
      WatchKey link = service.poll(30, TimeUnit.SECONDS);
      assertThat(link.watchable()).isEqualTo(top.resolve("site"));

      Files.writeString(top.resolve("one/file"), "old");
      Files.writeString(top.resolve("two/file"), "new");

      assertThat(service.poll(30, TimeUnit.SECONDS).watchable()).isEqualTo(top.resolve("two"));
    }
  }

  private Path directory(String path) throws IOException {
    return Files.createDirectories(top.resolve(path));
  }
}
