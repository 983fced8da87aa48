package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.StreamType;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether requests of a stream type can have a body, and how its end is marked. */
final class BodyRules {

  /** Longest {@code content-length} looked at: beyond 18 digits a long overflows. */
  private static final int DIGITS_MAX = 18;

  private final String streamType;
  private final String method;
  private final Bodies bodies;
  private final boolean announcesLength;

  /** What a method does with bodies. */
  private enum Bodies {
    USUAL,
    WITH_LENGTH,
    NEVER
  }

  private BodyRules(String streamType, String method, boolean announcesLength) {
    this.streamType = streamType;
    this.method = method;
    this.announcesLength = announcesLength;
    this.bodies =
        switch (method) {
          case "POST", "PUT", "PATCH" -> Bodies.USUAL;
          case "GET", "HEAD", "CONNECT", "TRACE" -> Bodies.NEVER;
          default -> Bodies.WITH_LENGTH;
        };
  }

  static BodyRules of(StreamType type, String method) {
    return new BodyRules(
        type.name(),
        method,
        type.http().contentLength() == HttpSettings.ContentLength.SENT_WHEN_KNOWN);
  }

  /**
   * Decides for one attempt.
   *
   * @param request whether a message waits, and its length
   * @param announced value of the metadata that maps to {@code content-length}, if set
   */
  BodyPlan plan(AttemptRequest request, Optional<String> announced) {
    boolean present = request.body() == AttemptRequest.Body.PRESENT;
    if (!present && (bodies != Bodies.USUAL || announced.isEmpty())) {
      return BodyPlan.NONE;
    }
    if (bodies == Bodies.NEVER) {
      throw plan(
          method
              + " cannot have a body; connect() sends the request without one, or set http_method"
              + " to POST, PUT or PATCH");
    }
    OptionalLong length = length(request, announced);
    if (!present && length.orElse(0) == 0) {
      return BodyPlan.NONE;
    }
    if (length.isEmpty() && bodies == Bodies.WITH_LENGTH) {
      throw plan(
          "a body of unknown length cannot be sent with "
              + method
              + "; give the length, or set http_method to POST, PUT or PATCH");
    }
    return announcesLength && length.isPresent()
        ? BodyPlan.ofLength(length.getAsLong())
        : BodyPlan.CHUNKED;
  }

  private OptionalLong length(AttemptRequest request, Optional<String> announced) {
    if (announced.isEmpty()) {
      return request.bodyLength();
    }
    long length = number(announced.get());
    if (request.bodyLength().isPresent() && request.bodyLength().getAsLong() != length) {
      throw plan(
          "the metadata for content-length says "
              + length
              + " but the message has "
              + request.bodyLength().getAsLong()
              + " bytes; set the right value, or none");
    }
    return OptionalLong.of(length);
  }

  private long number(String digits) {
    boolean valid = !digits.isEmpty() && digits.length() <= DIGITS_MAX;
    for (int i = 0; i < digits.length() && valid; i++) {
      valid = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!valid) {
      throw plan("the metadata for content-length is no number of bytes; set digits, or no value");
    }
    return Long.parseLong(digits);
  }

  private LinkException plan(String problem) {
    return new LinkException(FailureKind.PLAN, "stream type \"" + streamType + "\": " + problem);
  }
}
