package io.securestreams.reactor.transport.server;

import io.securestreams.core.plan.Address;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a Unix domain socket, which outlives a process that did not end well. Abstract names
 * have none. All calls may block; the socket removes its file when it is closed.
 */
final class SocketFile {

  private static final Logger LOGGER = LoggerFactory.getLogger(SocketFile.class);

  /** Of the file's mode: what kind of file it is, and the kind that sockets are. */
  private static final int KIND = 0170000;

  private static final int SOCKET = 0140000;

  private static final String PERMISSIONS = "rw-rw----";

  private final Address.Unix name;

  SocketFile(Address.Unix name) {
    this.name = name;
  }

  /**
   * Removes the file if nobody listens there.
   *
   * @throws IOException if it is in use, is no socket, or cannot be removed
   */
  void clear() throws IOException {
    if (name.isAbstract() || !Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket()) {
      throw new BindException("there is a file that is no socket; remove it or name another path");
    }
    if (isInUse()) {
      throw new BindException("somebody else listens there; name another path");
    }
    Files.delete(path());
  }

  /** Lets owner and group connect, and nobody else. Source: the reference's mode 0660. */
  void open() {
    if (name.isAbstract()) {
      return;
    }
    try {
      Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString(PERMISSIONS));
    } catch (IOException | UnsupportedOperationException e) {
      LOGGER
          .atWarn()
          .addKeyValue("address", name)
          .addKeyValue("failure", e.toString())
          .log("The permissions of a socket's file stay as the system made them");
    }
  }

  private boolean isSocket() throws IOException {
    try {
      Object mode = Files.getAttribute(path(), "unix:mode", LinkOption.NOFOLLOW_LINKS);
      return mode instanceof Integer bits && (bits & KIND) == SOCKET;
    } catch (UnsupportedOperationException noUnix) {
      return !Files.isRegularFile(path()) && !Files.isDirectory(path());
    }
  }

  private boolean isInUse() throws IOException {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
      return probe.isConnected();
    } catch (ConnectException refused) {
      return false;
    }
  }

  private Path path() {
    return Path.of(name.name());
  }
}
