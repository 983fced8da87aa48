package io.securestreams.reactor.transport.ws;

import io.securestreams.reactor.spi.TransportSettings;
import java.util.Optional;

/** The rules that received messages must keep to, frame by frame. */
final class ServerWsRules {

  private final long messageBytes;
  private final Utf8Check utf8 = new Utf8Check();

  private boolean inMessage;
  private boolean text;
  private long size;

  /** Rules for a connection on which nothing was received. */
  ServerWsRules(TransportSettings settings) {
    messageBytes = settings.messageBytes();
  }

  /** True between the first and the last frame of a message. */
  boolean isInMessage() {
    return inMessage;
  }

  /**
   * Takes the next frame of a message.
   *
   * @param isText its opcode is that of text
   * @param last its FIN is set
   * @param bytes all of its payload
   * @return the rule that it breaks
   */
  Optional<ServerWsEnd> take(boolean isText, boolean last, byte[] bytes) {
    if (!inMessage) {
      text = isText;
      size = 0;
      utf8.reset();
    }
    inMessage = !last;
    size += bytes.length;
    if (size > messageBytes) {
      return Optional.of(ServerWsEnd.tooBig("messageBytes", messageBytes));
    }
    if (text && !(utf8.accepts(bytes) && (!last || utf8.isWhole()))) {
      return Optional.of(ServerWsEnd.notText());
    }
    return Optional.empty();
  }
}
