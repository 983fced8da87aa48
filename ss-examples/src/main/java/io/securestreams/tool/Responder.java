package io.securestreams.tool;

import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.reactor.api.AcceptedStream;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.function.Consumer;

/** Answers the requests and messages of one accepted stream. */
final class Responder {

  /** Longer messages are refused. */
  static final int MESSAGE_LIMIT = 16 * 1024 * 1024;

  private static final int FORBIDDEN = 403;
  private static final int TOO_LARGE = 413;
  private static final Set<String> WITHOUT_BODY =
      Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private final AcceptedStream stream;
  private final Answers answers;
  private final Consumer<Throwable> failures;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private boolean webSocket;
  private boolean answered;
  private String method = "";

  /**
   * Makes the responder of a stream.
   *
   * @param failures told when an answer could not be sent
   */
  Responder(AcceptedStream stream, Answers answers, Consumer<Throwable> failures) {
    this.stream = stream;
    this.answers = answers;
    this.failures = failures;
  }

  /** Takes the next event of the stream. */
  void see(StreamEvent event) {
    if (event instanceof MetadataEvent metadata && metadata.name().equals("method")) {
      method = metadata.value();
    } else if (event instanceof StateEvent state) {
      see(state.state());
    } else if (event instanceof PayloadEvent rx) {
      see(rx);
    }
  }

  private void see(StreamState state) {
    if (state == StreamState.SERVER_UPGRADE) {
      webSocket = true;
      if (answers.kind() == Answers.Kind.NACK) {
        stream.disconnect();
      }
    } else if (state == StreamState.SERVER_TXN) {
      message.reset();
      answered = false;
      if (answers.kind() != Answers.Kind.ECHO || WITHOUT_BODY.contains(method)) {
        answerRequest();
      }
    }
  }

  private void see(PayloadEvent rx) {
    if (rx.flags().som()) {
      message.reset();
    }
    if (message.size() + rx.payload().size() > MESSAGE_LIMIT) {
      refuse();
      return;
    }
    if (answers.kind() == Answers.Kind.ECHO) {
      message.writeBytes(rx.payload().bytes());
    }
    if (!rx.flags().eom()) {
      return;
    }
    if (!webSocket) {
      answerRequest();
    } else if (answers.kind() == Answers.Kind.ECHO || answers.kind() == Answers.Kind.REPLY) {
      send(body());
    }
  }

  private void answerRequest() {
    if (answered) {
      return;
    }
    answered = true;
    answers.mime().ifPresent(mime -> stream.metadata(mime.name(), mime.value()));
    stream.serverAck(answers.kind() == Answers.Kind.NACK ? FORBIDDEN : 0);
    answer(body());
  }

  private void refuse() {
    message.reset();
    if (webSocket) {
      stream.disconnect();
    } else if (!answered) {
      answered = true;
      stream.serverAck(TOO_LARGE);
      answer(Payload.empty());
    }
  }

  private Payload body() {
    return answers.kind() == Answers.Kind.ECHO
        ? Payload.wrap(message.toByteArray())
        : answers.body();
  }

  private void answer(Payload body) {
    if (body.isEmpty()) {
      stream.requestTxLen(0);
    } else {
      send(body);
    }
  }

  private void send(Payload payload) {
    stream.tx().send(payload).subscribe(sent -> {}, failures);
  }
}
