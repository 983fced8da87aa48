package io.securestreams.reactor.transport.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.plan.FilePlan;
import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.LinkSignal;
import io.securestreams.reactor.spi.LinkSignal.Delivery;
import io.securestreams.reactor.spi.TxPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;

/** File endpoints, read on the thread of the test. */
class FileLinkTest {

  @TempDir private Path directory;
  private Path file;

  private final FileClients files = FileClients.permitted(Schedulers.immediate());
  private final List<LinkSignal> signals = new ArrayList<>();
  private final LinkObserver observer = signals::add;

  @BeforeEach
  void name() {
    file = directory.resolve("data");
  }

  private Link link() {
    return files.link(new FilePlan("demo", file), observer);
  }

  private Link started() {
    Link link = link();
    link.start();
    return link;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  private String words() {
    return signals.stream()
        .map(
            signal ->
                signal instanceof LinkSignal.Frame frame
                    ? frame.payload().size() + ":" + frame.flags()
                    : signal.getClass().getSimpleName())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0} bytes: {1}")
  @CsvSource({
    "0,    Up 0:SOM|EOM",
    "1,    Up 1:SOM|EOM",
    "1399, Up 1399:SOM|EOM",
    "1400, Up 1400:SOM|EOM",
    "1401, Up 1400:SOM 1:EOM",
    "2800, Up 1400:SOM 1400:EOM",
    "4300, Up 1400:SOM 1400:- 1400:- 100:EOM",
  })
  void readsAFileAsOneMessage(int size, String expected) throws IOException {
    Files.write(file, bytes(size));
    Link link = started();

    link.request(Long.MAX_VALUE);

    assertThat(words()).isEqualTo(expected);
    Payload[] pieces =
        signals.stream()
            .filter(LinkSignal.Frame.class::isInstance)
            .map(signal -> ((LinkSignal.Frame) signal).payload())
            .toArray(Payload[]::new);
    int at = 0;
    for (Payload piece : pieces) {
      byte[] part = java.util.Arrays.copyOfRange(bytes(size), at, at + piece.size());
      assertThat(piece.bytes()).isEqualTo(part);
      at += piece.size();
    }
  }

  @Test
  void readsAsMuchAsWasAskedForAndStaysOpen() throws IOException {
    Files.write(file, bytes(3000));
    Link link = started();
    assertThat(words()).isEqualTo("Up");

    link.request(1);
    assertThat(words()).isEqualTo("Up 1400:SOM");

    link.request(1);
    link.ping();
    link.send(new TxPiece(Payload.utf8("x"), MessageFlags.SOM_EOM));
    assertThat(words()).isEqualTo("Up 1400:SOM 1400:-");

    link.request(5);
    assertThat(words()).isEqualTo("Up 1400:SOM 1400:- 200:EOM");
    assertThat(link.peer()).isEmpty();
  }

  @Test
  void readsNothingMoreOnceItIsClosed() throws IOException {
    Files.write(file, bytes(3000));
    Link link = started();
    link.request(1);

    link.close(LinkClose.NORMAL);
    link.close(LinkClose.ABORT);
    link.request(5);
    link.start();

    assertThat(words()).isEqualTo("Up 1400:SOM");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    assertThat(failure()).hasMessageContaining(file + ": it does not exist");

    Files.createDirectory(file);
    assertThat(failure()).hasMessageContaining(file.toString());
  }

  private Throwable failure() {
    signals.clear();
    started();
    assertThat(signals).hasSize(1);
    LinkSignal.Failed failed = (LinkSignal.Failed) signals.get(0);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.CONNECT);
    assertThat(failed.delivery()).isEqualTo(Delivery.NOT_SENT);
    return failed.cause();
  }

  @Test
  void readsNothingWithoutPermission() throws IOException {
    Files.write(file, bytes(1));
    Link link = FileClients.refused().link(new FilePlan("demo", file), observer);

    link.start();
    link.request(1);
    link.close(LinkClose.NORMAL);

    assertThat(signals).hasSize(1);
    LinkSignal.Failed failed = (LinkSignal.Failed) signals.get(0);
    assertThat(failed.cause().kind()).isEqualTo(FailureKind.POLICY);
    assertThat(failed.cause())
        .hasMessageContaining("\"demo\"")
        .hasMessageContaining("fileEndpoints(true)");
  }
}
