package io.securestreams.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.event.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class FilePiecesTest {

  @TempDir private Path folder;

  @Test
  void givesTheWholeFileInPieces() throws IOException {
    byte[] bytes = new byte[2 * FilePieces.SIZE + 5];
    bytes[FilePieces.SIZE] = 7;
    bytes[bytes.length - 1] = 9;
    Path file = Files.write(folder.resolve("file"), bytes);

    StepVerifier.create(FilePieces.of(file).map(Payload::bytes).collectList())
        .assertNext(
            pieces -> {
              assertThat(pieces)
                  .extracting(piece -> piece.length)
                  .containsExactly(FilePieces.SIZE, FilePieces.SIZE, 5);
              assertThat(pieces.get(1)[0]).isEqualTo((byte) 7);
              assertThat(pieces.get(2)[4]).isEqualTo((byte) 9);
            })
        .verifyComplete();
  }

  @Test
  void readsNothingThatNobodyAskedFor() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "a".repeat(FilePieces.SIZE));

    StepVerifier.create(FilePieces.of(file), 1)
        .expectNextCount(1)
        .then(() -> append(file, "later"))
        .thenRequest(1)
        .assertNext(piece -> assertThat(piece.utf8()).isEqualTo("later"))
        .thenRequest(1)
        .verifyComplete();
  }

  @Test
  void failsWhereThereIsNoFile() {
    StepVerifier.create(FilePieces.of(folder.resolve("none")))
        .verifyError(NoSuchFileException.class);
  }

  private static void append(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
