package io.securestreams.reactor.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What this library logs as an error: bugs of ours, and callbacks that throw. */
public final class LoggedErrors extends AppenderBase<ILoggingEvent> {

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<String> streamTypes = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.securestreams.reactor");

  /** Listens from now on. */
  void attach() {
    start();
    logger.addAppender(this);
  }

  /** Listens no more. */
  void detach() {
    logger.detachAppender(this);
    stop();
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      String cause =
          event.getThrowableProxy() == null
              ? ""
              : ": "
                  + event.getThrowableProxy().getClassName()
                  + ": "
                  + event.getThrowableProxy().getMessage();
      messages.add(event.getFormattedMessage() + cause);
      if (event.getKeyValuePairs() != null) {
        event.getKeyValuePairs().stream()
            .filter(pair -> pair.key.equals("streamType"))
            .forEach(pair -> streamTypes.add(String.valueOf(pair.value)));
      }
    }
  }

  /** The stream types that errors named, in their order. */
  public List<String> streamTypes() {
    return List.copyOf(streamTypes);
  }

  /** The errors so far; forgets them. */
  public List<String> take() {
    List<String> taken = List.copyOf(messages);
    messages.clear();
    return taken;
  }
}
