package io.securestreams.reactor.stream;

import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.Side;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import io.securestreams.reactor.spi.Acceptor;
import io.securestreams.reactor.spi.LinkObserver;
import io.securestreams.reactor.spi.ServerTransport;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/**
 * The sink of a stream type: a listener whose clients are streams of the same context. It is asked
 * about each of them, with its handle, before there is a stream of its own for it.
 */
public final class SinkListener extends ListenerStream {

  private static final Logger LOGGER = LoggerFactory.getLogger(SinkListener.class);

  /** The sources that are there. */
  private final AtomicInteger joined = new AtomicInteger();

  /**
   * Creates a sink that hands its sides of joined streams to a subscriber.
   *
   * @param environment what all streams of the context share
   * @param policy does not refuse the stream type
   * @param streamType name in the policy
   */
  public SinkListener(Environment environment, PolicySnapshot policy, String streamType) {
    this(environment, policy.server(streamType), null);
  }

  private SinkListener(
      Environment environment, ServerProfile profile, @Nullable Callbacks callbacks) {
    super(environment, profile, callbacks);
  }

  /**
   * Creates a sink whose sides of joined streams all use one handler, and registers it at once.
   *
   * @param environment what all streams of the context share
   * @param policy does not refuse the stream type
   * @param streamType name in the policy
   * @param handler the handler of each side, which is also asked who may join
   * @throws IllegalStateException if there is a sink of that type
   */
  public static SinkListener started(
      Environment environment, PolicySnapshot policy, String streamType, StreamHandler handler) {
    if (environment.sinks().sink(streamType).isPresent()) {
      throw StreamErrors.sinkExists(streamType);
    }
    SinkListener created =
        new SinkListener(environment, policy.server(streamType), Callbacks.of(handler));
    created.start();
    return created;
  }

  @Override
  Side side() {
    return Side.LOCAL_SINK;
  }

  @Override
  ServerTransport transport() {
    return environment().sinks();
  }

  @Override
  Acceptor acceptor(ServerProfile by) {
    return link -> join(by, (JoinedLink.SinkEnd) link);
  }

  private Optional<LinkObserver> join(ServerProfile by, JoinedLink.SinkEnd end) {
    SecureStream source = end.sourceHandle();
    Optional<LinkObserver> side = Optional.empty();
    int before = joined.getAndIncrement();
    if (tell(source, StreamState.SINK_JOIN, before) == StreamReturn.OK) {
      side =
          arrivals()
              .accept(
                  released ->
                      new SinkSideStream(
                          environment(),
                          by,
                          end,
                          () -> {
                            tell(source, StreamState.SINK_PART, joined.decrementAndGet());
                            released.run();
                          }));
    }
    if (side.isEmpty()) {
      joined.decrementAndGet();
    }
    return side;
  }

  /** Tells of a source; a subscriber never objects. */
  private StreamReturn tell(SecureStream source, StreamState state, int others) {
    StateEvent event = StateEvent.of(state).withOrdinal(others);
    publish(event);
    Callbacks handler = arrivals().callbacks();
    if (handler == null) {
      return StreamReturn.OK;
    }
    try {
      return handler.state().state(source, event);
    } catch (Throwable failure) {
      Exceptions.throwIfFatal(failure);
      LOGGER
          .atError()
          .addKeyValue("streamType", streamType())
          .addKeyValue("state", state)
          .setCause(failure)
          .log("The callback of a sink threw");
      return StreamReturn.DESTROY_ME;
    }
  }
}
