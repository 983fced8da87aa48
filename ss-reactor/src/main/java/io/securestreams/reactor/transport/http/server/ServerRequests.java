package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.Payload;
import io.securestreams.reactor.netty.Payloads;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection, one after the other: heads and bodies from what was decoded. What
 * may not be taken yet, for want of credit or of an answer, waits here; one read of the socket
 * bounds it. Used on the connection's event loop.
 */
final class ServerRequests {

  /** The most of an unread body that is thrown away to keep a connection. */
  private static final int DRAIN_BYTES = 64 * 1024;

  /** What is received next. */
  enum Stage {
    /** The head of a request. */
    HEAD,
    /** The end of a request to upgrade. */
    UPGRADE,
    /** The body of a request. */
    BODY,
    /** Nothing: the request is complete, its answer is not. */
    ANSWER,
    /** The rest of a body that nobody reads. */
    DRAIN,
    /** Nothing any more. */
    GONE
  }

  /** Is told what was received. */
  interface Receiver {

    /** A head that can be served. */
    void head(HttpRequest request);

    /** So many bytes of a body, or its end, were received. */
    void received(int bytes);

    /** A whole request to upgrade. */
    void upgrade(HttpRequest request);

    /** Something that can't be served, or not be found the end of. */
    void refuse(ServerRefusal refusal);

    /** The unread rest of a body is over, or too long. */
    void drained(boolean over);
  }

  private final ServerConnection connection;
  private final ServerListening listening;
  private final Receiver receiver;
  private final long mostBytes;
  private final ArrayDeque<HttpObject> backlog = new ArrayDeque<>(2);

  private Stage stage = Stage.HEAD;
  private boolean taking;
  private boolean inMessage;
  private long received;
  private int drained;
  @Nullable private HttpRequest upgrade;

  ServerRequests(ServerConnection connection, ServerListening listening, Receiver receiver) {
    this.connection = connection;
    this.listening = listening;
    this.receiver = receiver;
    this.mostBytes = listening.settings().servers().bodyBytes();
  }

  Stage stage() {
    return stage;
  }

  boolean isGone() {
    return stage == Stage.GONE;
  }

  /** True if nothing waits. */
  boolean isTaken() {
    return backlog.isEmpty();
  }

  /** The current request was answered, and another may follow. */
  void answered() {
    if (stage == Stage.BODY) {
      stage = Stage.DRAIN;
      drained = 0;
    } else {
      stage = Stage.HEAD;
    }
  }

  /** Nothing is received any more. */
  void gone() {
    stage = Stage.GONE;
    for (HttpObject next = backlog.poll(); next != null; next = backlog.poll()) {
      ReferenceCountUtil.release(next);
    }
  }

  /**
   * Adds what was decoded.
   *
   * @param object is released here
   */
  void add(HttpObject object) {
    if (stage == Stage.GONE) {
      ReferenceCountUtil.release(object);
    } else {
      backlog.add(object);
      take();
    }
  }

  /** Takes what may be taken. */
  void take() {
    if (taking) {
      return;
    }
    taking = true;
    try {
      for (HttpObject next = backlog.poll(); next != null; next = backlog.poll()) {
        if (!take(next)) {
          backlog.addFirst(next);
          return;
        }
      }
    } finally {
      taking = false;
    }
  }

  private boolean take(HttpObject object) {
    return switch (stage) {
      case HEAD -> takeHead(object);
      case UPGRADE -> takeUpgrade(object);
      case BODY -> object instanceof HttpContent content && takeBody(content);
      case ANSWER -> false;
      case DRAIN -> object instanceof HttpContent content && takeRest(content);
      case GONE -> {
        ReferenceCountUtil.release(object);
        yield true;
      }
    };
  }

  private boolean takeHead(HttpObject object) {
    if (!(object instanceof HttpRequest request)) {
      // The end of what could not be decoded.
      ReferenceCountUtil.release(object);
      return true;
    }
    Optional<ServerRefusal> refusal =
        ServerRefusal.of(request.decoderResult(), listening.settings().headerBytes());
    if (refusal.isEmpty()) {
      refusal = ServerRefusal.of(request, mostBytes);
    }
    if (refusal.isPresent()) {
      receiver.refuse(refusal.get());
    } else if (listening.plan().upgrades() && listening.upgrade().isAskedFor(request)) {
      upgrade = request;
      stage = Stage.UPGRADE;
    } else {
      inMessage = false;
      received = 0;
      stage = Stage.BODY;
      receiver.head(request);
    }
    return true;
  }

  private boolean takeUpgrade(HttpObject object) {
    HttpRequest request = upgrade;
    boolean bare =
        object instanceof LastHttpContent last
            && !last.content().isReadable()
            && !last.decoderResult().isFailure();
    ReferenceCountUtil.release(object);
    upgrade = null;
    if (request != null && bare) {
      receiver.upgrade(request);
    } else {
      receiver.refuse(ServerRefusal.malformed("asks for an upgrade with a body"));
    }
    return true;
  }

  private boolean takeBody(HttpContent content) {
    Optional<ServerRefusal> refusal =
        ServerRefusal.of(content.decoderResult(), listening.settings().headerBytes());
    if (refusal.isPresent()) {
      content.release();
      receiver.refuse(refusal.get());
      return true;
    }
    int bytes = content.content().readableBytes();
    boolean data = bytes > 0;
    if (received + bytes > mostBytes) {
      content.release();
      receiver.refuse(ServerRefusal.tooLarge(mostBytes));
      return true;
    }
    if (data && !connection.claimCredit()) {
      return false;
    }
    boolean last = content instanceof LastHttpContent;
    if (last) {
      stage = Stage.ANSWER;
    }
    received += bytes;
    receiver.received(bytes);
    if (data) {
      Payload payload = Payloads.copy(content.content());
      connection.signal(new LinkSignal.Frame(payload, MessageFlags.of(!inMessage, false)));
      inMessage = true;
    }
    content.release();
    if (last && inMessage) {
      connection.signal(new LinkSignal.Frame(Payload.empty(), MessageFlags.EOM));
    }
    return true;
  }

  private boolean takeRest(HttpContent content) {
    drained += content.content().readableBytes();
    boolean endless = content.decoderResult().isFailure() || drained > DRAIN_BYTES;
    boolean last = content instanceof LastHttpContent;
    content.release();
    if (endless) {
      receiver.drained(false);
    } else if (last) {
      stage = Stage.HEAD;
      receiver.drained(true);
    }
    return true;
  }
}
