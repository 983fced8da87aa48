package io.securestreams.examples.files;

import io.securestreams.core.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/** The content of a file, read piece by piece as somebody asks for it. */
final class FilePieces {

  /** Bytes of a piece. */
  static final int SIZE = 64 * 1024;

  private FilePieces() {}

  /**
   * Reads a file.
   *
   * <p><b>Shape</b>: cold; opened on subscription, read only on demand and on a thread that may
   * block, closed at the end or on cancellation.
   *
   * @param file a regular file
   */
  static Flux<Payload> of(Path file) {
    Flux<Payload> pieces =
        Flux.generate(() -> Files.newByteChannel(file), FilePieces::read, FilePieces::close);
    return pieces.subscribeOn(Schedulers.boundedElastic());
  }

  private static SeekableByteChannel read(
      SeekableByteChannel channel, SynchronousSink<Payload> sink) {
    try {
      ByteBuffer piece = ByteBuffer.allocate(SIZE);
      if (channel.read(piece) < 0) {
        sink.complete();
      } else {
        sink.next(Payload.of(piece.flip()));
      }
    } catch (IOException e) {
      sink.error(e);
    }
    return channel;
  }

  private static void close(SeekableByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
