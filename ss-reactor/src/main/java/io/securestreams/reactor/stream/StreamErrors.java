package io.securestreams.reactor.stream;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.error.SecureStreamsException;
import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.plan.FormPart;
import io.securestreams.reactor.api.StreamFailedException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the shell tells an application when something cannot be done. */
final class StreamErrors {

  private StreamErrors() {}

  /** The stream let its connection go. */
  static LinkException closed(String streamType) {
    return new LinkException(
        FailureKind.CLOSED, "'" + streamType + "' closed its connection before it was sent");
  }

  /** The connection belongs to a policy that holds no longer. */
  static LinkException replaced(String streamType) {
    return new LinkException(
        FailureKind.POLICY, "a new policy changed stream type '" + streamType + "'");
  }

  /** Callbacks were to be replaced where there are none. */
  static IllegalStateException hasNoHandler(String streamType) {
    return new IllegalStateException(
        "'"
            + streamType
            + "' has a subscriber and no handler whose callbacks could be replaced; give one to"
            + " open, serve or sink");
  }

  /** A stream was to join a sink that nobody registered. */
  static StreamFailedException noSink(String streamType) {
    return new StreamFailedException(
        streamType,
        FailureKind.CONNECT,
        "no sink of '"
            + streamType
            + "' is registered; call sink(\""
            + streamType
            + "\") and subscribe its accepted streams, or give it a handler, before open(\""
            + streamType
            + "\")",
        null);
  }

  /** A stream was to join a sink that did not want it. */
  static StreamFailedException sinkRefused(String streamType) {
    return new StreamFailedException(
        streamType,
        FailureKind.CLOSED,
        "the sink of '" + streamType + "' did not take the stream: its handler refused, or ended",
        null);
  }

  /** A second sink was to be registered. */
  static IllegalStateException sinkExists(String streamType) {
    return new IllegalStateException(
        "a sink of '" + streamType + "' is registered already; destroy it before");
  }

  /** The peer did not prove to be there in time. */
  static LinkException silent(String streamType, long silenceMs) {
    return new LinkException(
        FailureKind.TIMEOUT,
        "the peer of '"
            + streamType
            + "' gave no sign of life for "
            + silenceMs / 1000
            + " s (svalidhup)");
  }

  /** The publisher of a message's pieces ended with an error. */
  static LinkException sourceFailed(String streamType, Throwable cause) {
    return new LinkException(
        FailureKind.PLAN,
        "the source of a message of '" + streamType + "' failed in its middle",
        null,
        cause);
  }

  /** Bytes were to be sent where only text may be. */
  static LinkException notText() {
    return new LinkException(
        FailureKind.PLAN,
        "it is no UTF-8, and WebSocket messages of this stream type are text; \"ws_binary\": true"
            + " sends any bytes");
  }

  /** An upload came to its end before the body had all its parts. */
  static LinkException partsMissing(String streamType, int given, List<FormPart> parts) {
    return new LinkException(
        FailureKind.PLAN,
        "a request of '"
            + streamType
            + "' has "
            + parts.size()
            + " parts ("
            + parts.stream().map(FormPart::streamType).collect(Collectors.joining(", "))
            + "), of which "
            + given
            + " were given; send all of them, in this order");
  }

  /** A list of messages that is no upload. */
  static IllegalArgumentException partsDiffer(String streamType, int given, int wanted) {
    return new IllegalArgumentException(
        "a request of '"
            + streamType
            + "' takes "
            + wanted
            + (wanted == 1 ? " message" : " messages, one for each part")
            + ", not "
            + given
            + "; see \"rideshare\" in its policy");
  }

  /** The peer answered that it does not want a message. */
  static LinkException refused() {
    return new LinkException(FailureKind.PROTOCOL, "the peer refused it (QOS_NACK_REMOTE)");
  }

  /** A message was accepted and will not be delivered. */
  static StreamFailedException undelivered(String streamType, Throwable cause) {
    FailureKind kind = cause instanceof LinkException link ? link.kind() : FailureKind.CLOSED;
    return new StreamFailedException(
        streamType,
        kind,
        "'" + streamType + "' could not deliver a message: " + cause.getMessage(),
        cause);
  }

  /** The series of attempts is over. */
  static StreamFailedException exhausted(String streamType, StateEvent event) {
    return new StreamFailedException(
        streamType,
        event.failureKind().orElse(FailureKind.CLOSED),
        "'"
            + streamType
            + "' gave up after "
            + event.attempt()
            + " attempts: "
            + event.failure().map(StateEvent.Failure::detail).orElse("no connection"),
        null);
  }

  /** The stream ended with messages in its queue, maybe because its type left the policy. */
  static SecureStreamsException ended(String streamType, Optional<StateEvent.Failure> why) {
    return why.filter(failure -> failure.kind() == FailureKind.POLICY)
        .<SecureStreamsException>map(
            failure ->
                undelivered(streamType, new LinkException(FailureKind.POLICY, failure.detail())))
        .orElseGet(() -> destroyed(streamType));
  }

  /** The stream was destroyed with messages in its queue. */
  static StreamClosedException destroyed(String streamType) {
    return new StreamClosedException(
        streamType, "stream '" + streamType + "' was destroyed before it could be sent");
  }
}
