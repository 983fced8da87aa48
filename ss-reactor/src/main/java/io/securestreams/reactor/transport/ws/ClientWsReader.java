package io.securestreams.reactor.transport.ws;

import io.netty.buffer.ByteBuf;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.Arrays;

/**
 * Takes the frames of an RFC 6455 server out of bytes as they arrive, straight into arrays of their
 * own.
 *
 * <p>After {@link #next} returned true the accessors tell about one whole, valid frame.
 */
final class ClientWsReader {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final byte[] EMPTY = {};
  private static final int MAX_CONTROL = 125;
  private static final int MAX_HEADER = 10;

  /** An announced length is believed up to here before its bytes come. */
  private static final int TRUSTED = 64 * 1024;

  private final int maxFrame;
  private final long maxMessage;
  private final byte[] header = new byte[MAX_HEADER];
  private final Utf8Check utf8 = new Utf8Check();

  private int have;
  private boolean inPayload;

  private int opcode;
  private boolean fin;
  private int length;
  private int filled;
  private byte[] payload = EMPTY;

  private boolean inMessage;
  private boolean textMessage;
  private long messageBytes;

  ClientWsReader(int maxFrame, long maxMessage) {
    this.maxFrame = maxFrame;
    this.maxMessage = maxMessage;
  }

  int opcode() {
    return opcode;
  }

  boolean fin() {
    return fin;
  }

  /** The bytes, which belong to the caller. */
  byte[] payload() {
    return payload;
  }

  /** A data frame as a signal. */
  LinkSignal.Frame frame() {
    return new LinkSignal.Frame(
        Payload.wrap(payload), MessageFlags.of(opcode != CONTINUATION, fin));
  }

  /**
   * Reads up to the end of a frame.
   *
   * @return false if all bytes are read and the frame is not complete
   * @throws ClientWsViolation if no further frame can be read
   */
  boolean next(ByteBuf in) throws ClientWsViolation {
    if (!inPayload && !header(in)) {
      return false;
    }
    if (!fill(in)) {
      return false;
    }
    inPayload = false;
    have = 0;
    if (opcode < CLOSE) {
      dataFrame();
    }
    return true;
  }

  private boolean header(ByteBuf in) throws ClientWsViolation {
    int need = 2;
    while (true) {
      int missing = need - have;
      int take = Math.min(missing, in.readableBytes());
      if (take > 0) {
        in.readBytes(header, have, take);
        have += take;
      }
      if (have < need) {
        return false;
      }
      int total = headerLength();
      if (total == need) {
        break;
      }
      need = total;
    }
    parse();
    inPayload = true;
    filled = 0;
    payload = length == 0 ? EMPTY : new byte[Math.min(length, TRUSTED)];
    return true;
  }

  private int headerLength() throws ClientWsViolation {
    if ((header[1] & 0x80) != 0) {
      throw protocol("a server's frame is masked");
    }
    int code = header[1] & 0x7F;
    return 2 + (code == 126 ? 2 : code == 127 ? 8 : 0);
  }

  private void parse() throws ClientWsViolation {
    fin = (header[0] & 0x80) != 0;
    opcode = header[0] & 0x0F;
    if ((header[0] & 0x70) != 0) {
      throw protocol("a reserved bit is set");
    }
    int code = header[1] & 0x7F;
    long announced = code;
    if (code == 126) {
      announced = number(2);
    } else if (code == 127) {
      announced = number(8);
    }
    if (announced < 0
        || (code == 126 && announced < 126)
        || (code == 127 && announced < (1 << 16))) {
      throw protocol("a length is not in its shortest form");
    }
    switch (opcode) {
      case TEXT, BINARY, CONTINUATION -> checkData(announced);
      case CLOSE, PING, PONG -> {
        if (!fin || announced > MAX_CONTROL) {
          throw protocol("a control frame is fragmented or too long");
        }
      }
      default -> throw protocol("opcode " + opcode + " is not defined");
    }
    length = (int) announced;
  }

  private void checkData(long announced) throws ClientWsViolation {
    if ((opcode == CONTINUATION) != inMessage) {
      throw protocol(
          inMessage ? "a message starts inside another" : "a continuation continues nothing");
    }
    if (announced > maxFrame) {
      throw new ClientWsViolation(
          ClientWsViolation.TOO_BIG,
          "a frame of " + announced + " bytes is over the limit of " + maxFrame);
    }
    long total = messageBytes + announced;
    if (total > maxMessage) {
      throw new ClientWsViolation(
          ClientWsViolation.TOO_BIG,
          "a message of " + total + " bytes or more is over the limit of " + maxMessage);
    }
  }

  private long number(int bytes) {
    long value = 0;
    for (int i = 2; i < 2 + bytes; i++) {
      value = value << 8 | (header[i] & 0xFF);
    }
    return value;
  }

  private boolean fill(ByteBuf in) {
    int take = Math.min(length - filled, in.readableBytes());
    if (take > 0) {
      if (filled + take > payload.length) {
        long twice = Math.max(filled + take, 2L * payload.length);
        payload = Arrays.copyOf(payload, (int) Math.min(length, twice));
      }
      in.readBytes(payload, filled, take);
      filled += take;
    }
    return filled == length;
  }

  private void dataFrame() throws ClientWsViolation {
    if (opcode != CONTINUATION) {
      textMessage = opcode == TEXT;
    }
    inMessage = !fin;
    messageBytes = fin ? 0 : messageBytes + length;
    if (!textMessage) {
      return;
    }
    if (opcode != CONTINUATION) {
      utf8.reset();
    }
    if (!utf8.accepts(payload) || (fin && !utf8.isWhole())) {
      throw new ClientWsViolation(ClientWsViolation.INVALID_PAYLOAD, "a text message is not UTF-8");
    }
  }

  private static ClientWsViolation protocol(String message) {
    return new ClientWsViolation(ClientWsViolation.PROTOCOL_ERROR, message);
  }
}
