package io.securestreams.reactor.testing;

import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamReturn;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.api.StreamHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A handler that writes its callbacks down as {@link EventLog} does, tx as {@code tx#0}, and
 * answers as the test wants: by the text of the callback, or by {@code rx} and {@code tx}.
 */
public final class ScriptedHandler implements StreamHandler {

  private final List<String> texts = new ArrayList<>();
  private final Map<String, Function<SecureStream, StreamReturn>> answers = new HashMap<>();
  private final Queue<Piece> pieces = new ArrayDeque<>();
  private int seen;

  private record Piece(Payload payload, MessageFlags flags) {}

  // --- the script -----------------------------------------------------------------------------

  /** Answers a kind of callback so, the first time. */
  public ScriptedHandler answer(String callback, StreamReturn result) {
    return onFirst(callback, stream -> result);
  }

  /** Does something inside a kind of callback, every time, and answers OK. */
  public ScriptedHandler inside(String callback, Consumer<SecureStream> action) {
    answers.put(
        callback,
        stream -> {
          action.accept(stream);
          return StreamReturn.OK;
        });
    return this;
  }

  /** Does something inside a kind of callback, the first time. */
  public ScriptedHandler onFirst(String callback, Function<SecureStream, StreamReturn> action) {
    answers.put(
        callback,
        stream -> {
          answers.remove(callback);
          return action.apply(stream);
        });
    return this;
  }

  /** Gives a piece at the next tx callback for which none is there yet. */
  public ScriptedHandler give(String text, MessageFlags flags) {
    return give(Payload.utf8(text), flags);
  }

  /** Gives a piece of any bytes. */
  public ScriptedHandler give(Payload payload, MessageFlags flags) {
    pieces.add(new Piece(payload, flags));
    return this;
  }

  /** Requests tx from inside each tx callback as long as pieces are left. */
  public ScriptedHandler requestForEachPiece() {
    return inside(
        "tx",
        stream -> {
          if (!pieces.isEmpty()) {
            stream.requestTx();
          }
        });
  }

  // --- the callbacks --------------------------------------------------------------------------

  @Override
  public StreamReturn state(SecureStream stream, StateEvent event) {
    String text = EventLog.text(event);
    return answered(text, text, stream);
  }

  @Override
  public StreamReturn rx(SecureStream stream, Payload payload, MessageFlags flags) {
    return answered(EventLog.text(new PayloadEvent(payload, flags)), "rx", stream);
  }

  @Override
  public StreamReturn tx(SecureStream stream, long ordinal, TxBuffer buffer) {
    boolean given = false;
    Piece piece = pieces.poll();
    if (piece != null) {
      buffer.write(piece.payload(), piece.flags());
      given = true;
    }
    StreamReturn result = answered("tx#" + ordinal, "tx", stream);
    return result == StreamReturn.OK && !given ? StreamReturn.TX_DONT_SEND : result;
  }

  private StreamReturn answered(String text, String callback, SecureStream stream) {
    texts.add(text);
    Function<SecureStream, StreamReturn> answer = answers.get(callback);
    return answer == null ? StreamReturn.OK : answer.apply(stream);
  }

  // --- what the test sees ---------------------------------------------------------------------

  /** Every callback so far. */
  public List<String> all() {
    return List.copyOf(texts);
  }

  /** Every callback since the last call. */
  public List<String> fresh() {
    List<String> since = List.copyOf(texts.subList(seen, texts.size()));
    seen = texts.size();
    return since;
  }

  /** Forgets what was written down so far, for {@link #fresh()}. */
  public void skip() {
    fresh();
  }
}
