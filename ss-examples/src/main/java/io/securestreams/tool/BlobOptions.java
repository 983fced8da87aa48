package io.securestreams.tool;

import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Tokens, identity and certificates of the command line; they are never printed. */
final class BlobOptions {

  /** What is not text: their bytes are taken as they are. */
  private static final Set<Integer> BINARY =
      Set.of(BlobKind.CLIENT_CERTIFICATE.index(), BlobKind.CLIENT_KEY.index());

  @Option(
      names = "--blob",
      paramLabel = "INDEX=FILE",
      description =
          "take a system blob from a file (repeatable): 0 token, 1 what buys one, 2 client "
              + "certificate, 3 its key, 4 serial number, 5 firmware version, 6 device type, 7 "
              + "ntp server, 8 to 10 mqtt client id, user and password, 11 to 18 signing keys; "
              + "a line break at the end belongs to the file, not to the blob, but for 2 and 3")
  private List<String> blobs = List.of();

  /** Reads the files. */
  SystemBlobs load() {
    SystemBlobs store = new SystemBlobs();
    for (String text : blobs) {
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1) {
        throw new MistakeException("--blob wants INDEX=FILE, got '" + text + "'");
      }
      int index = index(text.substring(0, equals));
      Blob value = read(Path.of(text.substring(equals + 1)), BINARY.contains(index));
      try {
        store.set(index, value);
      } catch (IllegalArgumentException unknown) {
        throw new MistakeException("--blob: " + unknown.getMessage());
      }
    }
    return store;
  }

  private static int index(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new MistakeException("--blob wants a number before '=', got '" + digits + "'");
    }
  }

  private static Blob read(Path file, boolean binary) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Blob.of(binary ? bytes : withoutLineBreak(bytes));
    } catch (IOException e) {
      throw new MistakeException(PolicyFile.unreadable(file, e));
    }
  }

  /** What an editor, or echo, puts at the end of a file. */
  private static byte[] withoutLineBreak(byte[] bytes) {
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\n') {
      length--;
      if (length > 0 && bytes[length - 1] == '\r') {
        length--;
      }
    }
    return Arrays.copyOf(bytes, length);
  }
}
