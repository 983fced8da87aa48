package io.securestreams.reactor.stream;

import io.securestreams.reactor.spi.Listener;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Where a listener accepts: one socket at a time, maybe another one later. Inside the mailbox, but
 * for {@link #address()} and {@link #current()}.
 */
final class ListenerSocket {

  private static final Logger LOGGER = LoggerFactory.getLogger(ListenerStream.class);

  private final String streamType;

  /** Another one for each address. */
  private volatile Sinks.One<SocketAddress> address = Sinks.one();

  @Nullable private volatile Listener current;
  private boolean paused;

  /**
   * Creates a socket that is not bound.
   *
   * @param streamType for logs
   */
  ListenerSocket(String streamType) {
    this.streamType = streamType;
  }

  /** Where connections are accepted, once that is known. */
  Mono<SocketAddress> address() {
    return Mono.defer(() -> address.asMono());
  }

  /** The open socket. */
  @Nullable Listener current() {
    return current;
  }

  /**
   * Accepts here from now on.
   *
   * @param open a bound socket
   */
  void open(Listener open) {
    current = open;
    LOGGER
        .atInfo()
        .addKeyValue("streamType", streamType)
        .addKeyValue("address", open.address())
        .log("Listening");
    if (address.tryEmitValue(open.address()).isFailure()) {
      Sinks.One<SocketAddress> another = Sinks.one();
      another.tryEmitValue(open.address());
      address = another;
    }
  }

  /** Accepts here from now on, in place of a socket that was closed before. */
  void reopen(Listener open, boolean accepting) {
    open(open);
    paused = !accepting;
    if (accepting) {
      open.resume();
    } else {
      open.pause();
    }
  }

  /** Accepts or leaves connections to the system's backlog. */
  void accept(boolean accepting) {
    Listener open = current;
    if (open == null || paused != accepting) {
      return;
    }
    paused = !accepting;
    if (accepting) {
      open.resume();
    } else {
      open.pause();
    }
  }

  /** There will be no address. */
  void fail(Throwable cause) {
    address.tryEmitError(cause);
  }

  /** Nothing more is accepted. */
  void close() {
    address.tryEmitEmpty();
    Listener open = current;
    current = null;
    if (open != null) {
      LOGGER
          .atInfo()
          .addKeyValue("streamType", streamType)
          .addKeyValue("address", open.address())
          .log("Stopped listening");
      discard(open);
    }
  }

  /** Closes a socket that is not, or no longer, the listener's own. */
  void discard(Listener open) {
    open.close()
        .subscribe(
            nothing -> {},
            cause ->
                LOGGER
                    .atWarn()
                    .addKeyValue("streamType", streamType)
                    .addKeyValue("failure", cause.getMessage())
                    .log("A listener did not close"));
  }
}
