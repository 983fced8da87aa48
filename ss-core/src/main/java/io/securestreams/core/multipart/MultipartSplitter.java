package io.securestreams.core.multipart;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a multipart body apart as its bytes come: each part, its header lines included, is a
 * message. What comes out does not depend on how the bytes were cut, but for the cuts inside a
 * message.
 *
 * <p>A delimiter is a line break, two dashes and the boundary, then blanks and a line break, or two
 * dashes at the end of the body. What stands before the first one and behind the last is dropped.
 * At most one piece that was offered, and as many bytes as a delimiter has, are kept.
 *
 * <p>It is pulled: {@link #next} until there is nothing, then {@link #offer}; so whoever asks
 * decides how much is made of one piece. The parsers at hand do something else: Netty's {@code
 * HttpPostMultipartRequestDecoder}, and Reactor Netty's on top of it, read form-data of requests
 * only, parse and drop the header lines, and gather parts in memory or files, without credit.
 *
 * <p>Not safe for several threads. Source: RFC 2046 section 5.1.1, {@code http_multipart_ss_in}.
 */
public final class MultipartSplitter {

  /** More blanks behind a boundary are no padding: they make the line text. */
  private static final int PADDING_MAX = 256;

  /** Bits of the last part's end. */
  private static final MessageFlags LAST =
      new MessageFlags(MessageFlags.EOM.bits() | MessageFlags.RELATED_END.bits());

  private static final byte[] LINE_BREAK = {'\r', '\n'};

  private final byte[] delimiter;

  /** Bytes that are not taken apart yet, between {@code from} and {@code to}. */
  private byte[] window = LINE_BREAK;

  private int from;
  private int to = LINE_BREAK.length;

  private Place place = Place.START;

  /** {@code from} is at the line break of the delimiter that a part follows. */
  private boolean behindDelimiter;

  /** Something of the current part was given. */
  private boolean begun;

  private boolean ended;

  /** Where the delimiter that was found begins, and where what follows it. */
  private int foundAt;

  private int foundEnd;

  private enum Place {
    START,
    PREAMBLE,
    PART,
    CLOSED,
    CUT_OFF
  }

  private enum Found {
    NOTHING,
    MAYBE,
    PART,
    CLOSE
  }

  /**
   * A piece of what the body holds.
   *
   * @param payload its bytes, possibly none
   * @param flags RELATED_START before the first part, SOM and EOM for each part, RELATED_END on the
   *     end of the last
   */
  public record Piece(Payload payload, MessageFlags flags) {}

  /**
   * A splitter for one body.
   *
   * @param boundary of its {@code content-type}
   */
  public MultipartSplitter(String boundary) {
    delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Gives the next bytes of the body.
   *
   * @param bytes any number of them, once {@link #next} has nothing more
   */
  public void offer(Payload bytes) {
    int rest = to - from;
    byte[] joined = Arrays.copyOfRange(window, from, from + rest + bytes.size());
    bytes.copyTo(joined, rest);
    window = joined;
    from = 0;
    to = joined.length;
  }

  /** No more bytes come. */
  public void end() {
    ended = true;
  }

  /** True if the delimiter that closes the body was seen. */
  public boolean isComplete() {
    return place == Place.CLOSED;
  }

  /**
   * The next piece.
   *
   * @return empty if more bytes are needed, or none are left
   */
  public Optional<Piece> next() {
    if (place == Place.START) {
      place = Place.PREAMBLE;
      return Optional.of(new Piece(Payload.empty(), MessageFlags.RELATED_START));
    }
    Piece piece = null;
    if (place == Place.PREAMBLE) {
      piece = preamble();
    }
    if (piece == null && place == Place.PART) {
      piece = part();
    }
    return Optional.ofNullable(piece);
  }

  @Nullable
  private Piece preamble() {
    switch (find()) {
      case NOTHING -> from = to;
      case MAYBE -> from = foundAt;
      case PART -> follow(Place.PART);
      case CLOSE -> {
        follow(Place.CLOSED);
        // There is no part whose end could say it.
        return new Piece(Payload.empty(), MessageFlags.RELATED_END);
      }
    }
    return null;
  }

  @Nullable
  private Piece part() {
    Found found = find();
    int start = behindDelimiter ? from + LINE_BREAK.length : from;
    switch (found) {
      case PART -> {
        Piece piece = piece(start, foundAt, MessageFlags.EOM);
        follow(Place.PART);
        return piece;
      }
      case CLOSE -> {
        Piece piece = piece(start, foundAt, LAST);
        follow(Place.CLOSED);
        return piece;
      }
      case NOTHING, MAYBE -> {
        int end = found == Found.MAYBE ? foundAt : to;
        if (ended) {
          Piece piece = piece(start, to, MessageFlags.EOM);
          place = Place.CUT_OFF;
          return piece;
        }
        if (end <= start) {
          return null;
        }
        Piece piece = piece(start, end, MessageFlags.NONE);
        from = end;
        behindDelimiter = false;
        return piece;
      }
    }
    return null;
  }

  private void follow(Place next) {
    from = foundEnd;
    place = next;
    behindDelimiter = true;
    begun = false;
  }

  private Piece piece(int start, int end, MessageFlags flags) {
    Payload payload =
        end > start ? Payload.wrap(Arrays.copyOfRange(window, start, end)) : Payload.empty();
    int som = begun ? 0 : MessageFlags.SOM.bits();
    begun = true;
    return new Piece(payload, new MessageFlags(flags.bits() | som));
  }

  /** Looks for the first delimiter, or for what may become one when more bytes come. */
  private Found find() {
    for (int i = from; i < to; i++) {
      if (window[i] == '\r') {
        Found found = look(i);
        if (found != Found.NOTHING && !(found == Found.MAYBE && ended)) {
          foundAt = i;
          return found;
        }
      }
    }
    return Found.NOTHING;
  }

  private Found look(int at) {
    int known = Math.min(delimiter.length, to - at);
    if (!Arrays.equals(window, at, at + known, delimiter, 0, known)) {
      return Found.NOTHING;
    }
    int next = at + delimiter.length;
    if (next >= to) {
      return Found.MAYBE;
    }
    if (window[next] == '-') {
      foundEnd = next + 2;
      return pair(next, '-', Found.CLOSE);
    }
    int limit = next + PADDING_MAX;
    while (next < to && next < limit && (window[next] == ' ' || window[next] == '\t')) {
      next++;
    }
    foundEnd = next;
    return pair(next, '\n', Found.PART);
  }

  /** What a delimiter ends with: a byte that must be right, and a second one. */
  private Found pair(int at, char second, Found complete) {
    if (at == to) {
      return Found.MAYBE;
    }
    char first = second == '\n' ? '\r' : second;
    if (window[at] != first) {
      return Found.NOTHING;
    }
    if (at + 1 == to) {
      return Found.MAYBE;
    }
    return window[at + 1] == second ? complete : Found.NOTHING;
  }
}
