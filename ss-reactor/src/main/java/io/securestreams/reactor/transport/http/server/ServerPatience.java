package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.securestreams.reactor.netty.Deadline;
import io.securestreams.reactor.spi.ServerLimits;
import io.securestreams.reactor.spi.TransportSettings;
import io.securestreams.reactor.transport.server.LimitText;

/** What an http connection waits for, and for how long. Used on its event loop. */
final class ServerPatience {

  private enum Wait {
    REQUEST,
    HEAD,
    BODY,
    ANSWER,
    REST
  }

  private final Channel channel;
  private final ServerLimits limits;
  private final long responseNanos;
  private final BodyPace pace;
  private final Deadline deadline;
  private final Runnable over;
  private Wait wait = Wait.REQUEST;

  /**
   * Waits for nothing.
   *
   * @param channel the connection
   * @param settings the limits
   * @param over called when one of them has passed
   */
  ServerPatience(Channel channel, TransportSettings settings, Runnable over) {
    this.channel = channel;
    this.limits = settings.servers();
    this.responseNanos = settings.response().toNanos();
    this.pace = new BodyPace(limits.bodyRate(), responseNanos);
    this.deadline = new Deadline(channel.eventLoop(), this::passed);
    this.over = over;
  }

  /** A request may begin. */
  void forRequest() {
    begin(Wait.REQUEST, limits.idle().toNanos());
  }

  /** A request's head has begun: the whole must come in time, however many drips there are. */
  void forHead() {
    if (wait != Wait.HEAD) {
      begin(Wait.HEAD, limits.head().toNanos());
    }
  }

  /** A request's body is to come. */
  void forBody() {
    pace.begin();
    begin(Wait.BODY, responseNanos);
  }

  /** A part of the body came. */
  void bodyCame(int bytes) {
    pace.received(bytes);
  }

  /** The body is not read, for want of credit. */
  void bodyHeld() {
    pace.held();
  }

  /** The application, or the socket, has to go on with the answer. */
  void forAnswer() {
    begin(Wait.ANSWER, responseNanos);
  }

  /** The rest of a body that nobody reads has to end. */
  void forRest() {
    begin(Wait.REST, responseNanos);
  }

  /** Nothing is waited for any more. */
  void stop() {
    deadline.stop();
  }

  /** True if a head has begun, and not ended. */
  boolean isForHead() {
    return wait == Wait.HEAD;
  }

  /** Why it is over. */
  String reason() {
    return switch (wait) {
      case REQUEST -> idle(limits);
      case HEAD -> "has a head that took longer than " + LimitText.of("head", limits.head());
      case BODY -> pace.reason();
      case ANSWER -> BodyPace.NO_ANSWER;
      case REST -> "Unread body did not end in time";
    };
  }

  /** Why a connection ends that has no request. */
  static String idle(ServerLimits limits) {
    return "No request came within " + LimitText.of("idle", limits.idle());
  }

  private void begin(Wait next, long nanos) {
    wait = next;
    deadline.arm(nanos);
  }

  private void passed() {
    if (wait == Wait.BODY && pace.isEnough()) {
      forBody();
    } else if (wait == Wait.ANSWER && hasUnsent()) {
      // The client takes its time, which has a limit of its own.
      forAnswer();
    } else {
      over.run();
    }
  }

  private boolean hasUnsent() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer != null && !buffer.isEmpty();
  }
}
