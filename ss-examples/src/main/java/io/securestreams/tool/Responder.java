package io.securestreams.tool;

import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.Protocol;
import io.securestreams.reactor.api.AcceptedStream;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Answers the requests of one accepted stream, its messages if it is a WebSocket, or its bytes as
 * they come if it is raw.
 */
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
  private Speech speech;
  private boolean answered;
  private String method = "";

  /** What stands between both sides. */
  private enum Speech {
    /** Requests and answers, until there is an upgrade. */
    TRANSACTIONS,
    /** Whole messages. */
    MESSAGES,
    /** Bytes, which mean the same wherever they are cut. */
    BYTES
  }

  /**
   * Makes the responder of a stream.
   *
   * @param failures told when an answer could not be sent
   */
  Responder(AcceptedStream stream, Answers answers, Consumer<Throwable> failures) {
    this.stream = stream;
    this.speech = answers.protocol() == Protocol.RAW ? Speech.BYTES : Speech.TRANSACTIONS;
    this.answers = answers;
    this.failures = failures;
  }

  /**
   * Takes the next event of the stream.
   *
   * @return completes when the client took the answer, before which there is no use in reading more
   */
  Mono<Void> see(StreamEvent event) {
    if (event instanceof MetadataEvent metadata && metadata.name().equals("method")) {
      method = metadata.value();
    } else if (event instanceof StateEvent state) {
      see(state.state());
    } else if (event instanceof PayloadEvent rx) {
      return speech == Speech.BYTES ? reply(rx.payload()) : see(rx);
    }
    return Mono.empty();
  }

  private void see(StreamState state) {
    if (state == StreamState.CONNECTED && speech == Speech.BYTES) {
      refuseSession();
    } else if (state == StreamState.SERVER_UPGRADE) {
      speech = Speech.MESSAGES;
      refuseSession();
    } else if (state == StreamState.SERVER_TXN) {
      message.reset();
      answered = false;
      if (answers.kind() != Answers.Kind.ECHO || WITHOUT_BODY.contains(method)) {
        answerRequest();
      }
    }
  }

  private void refuseSession() {
    if (answers.kind() == Answers.Kind.NACK) {
      stream.disconnect();
    }
  }

  private Mono<Void> see(PayloadEvent rx) {
    if (rx.flags().som()) {
      message.reset();
    }
    if (message.size() + rx.payload().size() > MESSAGE_LIMIT) {
      refuse();
      return Mono.empty();
    }
    if (answers.kind() == Answers.Kind.ECHO) {
      message.writeBytes(rx.payload().bytes());
    }
    if (!rx.flags().eom()) {
      return Mono.empty();
    }
    if (speech == Speech.MESSAGES) {
      return reply(Payload.wrap(message.toByteArray()));
    }
    answerRequest();
    return Mono.empty();
  }

  private Mono<Void> reply(Payload received) {
    return switch (answers.kind()) {
      case ECHO -> send(received);
      case REPLY -> send(answers.body());
      case NACK, SILENT -> Mono.empty();
    };
  }

  private void answerRequest() {
    if (answered) {
      return;
    }
    answered = true;
    answers.mime().ifPresent(mime -> stream.metadata(mime.name(), mime.value()));
    stream.serverAck(answers.kind() == Answers.Kind.NACK ? FORBIDDEN : 0);
    answer(
        answers.kind() == Answers.Kind.ECHO ? Payload.wrap(message.toByteArray()) : answers.body());
  }

  private void refuse() {
    message.reset();
    if (speech == Speech.MESSAGES) {
      stream.disconnect();
    } else if (!answered) {
      answered = true;
      stream.serverAck(TOO_LARGE);
      answer(Payload.empty());
    }
  }

  private void answer(Payload body) {
    if (body.isEmpty()) {
      stream.requestTxLen(0);
    } else {
      // Not waited for: a client may send its whole body before it reads.
      send(body).subscribe(sent -> {}, failures);
    }
  }

  private Mono<Void> send(Payload payload) {
    return stream.tx().send(payload).doOnError(failures).onErrorComplete();
  }
}
