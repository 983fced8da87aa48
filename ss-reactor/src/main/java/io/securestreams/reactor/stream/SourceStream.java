package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.Lifecycle;
import io.securestreams.core.lifecycle.LifecycleProfile;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamFailedException;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that is joined to a sink of the same context: at its creation, for its whole life.
 *
 * <p>It is created once the sink's side is connected, and not at all if there is no sink or it
 * refuses: nothing is reported then but that error.
 */
public final class SourceStream extends LinkedStream implements JoinedLink.Source {

  private static final Logger LOGGER = LoggerFactory.getLogger(SourceStream.class);

  private final JoinedLink link;
  @Nullable private volatile StreamFailedException failure;
  private volatile boolean givenOut;

  private SourceStream(Environment environment, StreamType type, JoinedLink link) {
    super(environment, type, Lifecycle.accepted(LifecycleProfile.of(type)), link.source());
    this.link = link;
  }

  /**
   * A stream that does nothing before its events are subscribed.
   *
   * @param environment what all streams of the context share
   * @param type a local sink
   */
  public static SourceStream of(Environment environment, StreamType type) {
    return new SourceStream(
        environment, type, new JoinedLink(environment.scheduler(), type.name()));
  }

  /**
   * Creates a stream at once, whose events go to callbacks.
   *
   * @param environment what all streams of the context share
   * @param type a local sink
   * @param handler the callbacks
   * @throws StreamFailedException if no sink is registered, or it refused
   */
  public static SourceStream started(
      Environment environment, StreamType type, StreamHandler handler) {
    SourceStream stream = of(environment, type);
    stream.handledBy(Callbacks.of(handler));
    stream.start();
    StreamFailedException cause = stream.failure;
    if (cause != null) {
      throw cause;
    }
    stream.givenOut = true;
    return stream;
  }

  @Override
  void enter() {
    Optional<Acceptor> sink = environment().sinks().sink(streamType());
    LinkSlot slot = slot();
    if (sink.isEmpty() || slot == null) {
      fail(StreamErrors.noSink(streamType()));
    } else if (!link.join(this, slot, sink.get())) {
      fail(StreamErrors.sinkRefused(streamType()));
    }
  }

  @Override
  public SecureStream handle() {
    return this;
  }

  @Override
  public void joined() {
    submit(
        () -> {
          create();
          LinkSlot slot = slot();
          if (slot != null) {
            slot.signal(LinkSignal.Up.PLAIN);
          }
        });
  }

  @Override
  public void refused() {
    submit(() -> fail(StreamErrors.sinkRefused(streamType())));
  }

  private void fail(StreamFailedException cause) {
    failure = cause;
    if (givenOut) {
      LOGGER
          .atWarn()
          .addKeyValue("streamType", streamType())
          .addKeyValue("failure", cause.getMessage())
          .log("A stream could not be created");
    }
    audience().fail(cause);
    step(lifecycle().destroyRequested());
  }

  @Override
  void onRequestSignal(LinkSignal signal) {
    // There are no requests.
  }

  /** What is on its way to it counts as begun. */
  @Override
  boolean isIdle() {
    return super.isIdle() && link.isQuiet();
  }
}
