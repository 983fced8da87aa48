package io.securestreams.examples.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.web.util.UriUtils;

/**
 * The files that may be served: those below a folder, whatever a path says.
 *
 * <p>Where a path leads is asked from the file system, after percent-decoding, dots and symbolic
 * links, and only what really lies in the folder is found.
 */
final class Folder {

  private final Path root;

  /**
   * A folder.
   *
   * @param root an existing directory
   */
  Folder(Path root) {
    try {
      this.root = root.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("no folder to serve: " + root, e);
    }
  }

  /**
   * The file that a request's path names; blocks.
   *
   * @param path as sent, percent escapes and all; one that ends in a slash names the index.html
   *     there
   * @return empty if there is no such file, or it is not below the folder
   */
  Optional<Entry> find(String path) {
    try {
      String name = UriUtils.decode(path, StandardCharsets.UTF_8);
      Path file = root.resolve(relative(name)).toRealPath();
      boolean served = file.startsWith(root) && Files.isRegularFile(file) && Files.isReadable(file);
      return served ? Optional.of(new Entry(file, Files.size(file), mime(file))) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      // Not there, or no path at all.
      return Optional.empty();
    }
  }

  private static String relative(String name) {
    String below = name.startsWith("/") ? name.substring(1) : name;
    return name.endsWith("/") ? below + "index.html" : below;
  }

  private static String mime(Path file) {
    MediaType type =
        MediaTypeFactory.getMediaType(file.getFileName().toString())
            .orElse(MediaType.APPLICATION_OCTET_STREAM);
    return type.getType().equals("text") ? type + ";charset=utf-8" : type.toString();
  }

  /**
   * A file that may be served.
   *
   * @param path where it really is
   * @param size bytes
   * @param mime its media type, by the name
   */
  record Entry(Path path, long size, String mime) {}
}
