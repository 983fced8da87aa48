package io.securestreams.reactor.transport.http;

import io.netty.channel.Channel;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.event.ConnectionTimings;
import reactor.core.Disposable;

/** A connection that carries several transactions at once. Safe from any thread. */
public interface SharedConnection {

  /** What is said of a peer that serves a request over HTTP/1.1 only. */
  String HTTP_1_1_REQUIRED = "demands http/1.1 for this request; set \"protocol\": \"h1\"";

  /** How many more it takes. */
  Slots slots();

  /**
   * Gives a slot, which was taken before, to a transaction: {@link ClientHttpLink#attached} is
   * called on the connection's event loop, or {@link ClientHttpLink#lease} if the connection ended.
   */
  void attach(ClientHttpLink link);

  /** Takes no more transactions, and closes after the last. */
  void retire();

  /** Makes such connections. */
  @FunctionalInterface
  interface Opener {

    /**
     * Begins to connect.
     *
     * @return gives the attempt up as long as it did not succeed
     */
    Disposable open(ConnectionKey key, Opening opening);
  }

  /**
   * Is told what becomes of one attempt to connect: first one of {@link #opened}, {@link
   * #openedSingle} and {@link #failed}, unless it was given up.
   */
  interface Opening {

    /** How long it took so far; told before the connection, or before there is none. */
    void timed(ConnectionTimings timings);

    /** The connection stands and takes {@link Slots#FIRST} transactions. On its event loop. */
    void opened(SharedConnection connection);

    /** The peer speaks HTTP/1.1 on the connection. On its event loop. */
    void openedSingle(Channel channel);

    /** There is no connection. */
    void failed(LinkException cause);

    /** The peer said, maybe not for the first time, how many transactions it takes at once. */
    void settled();

    /** A transaction ended. */
    void freed();

    /** The connection ended. */
    void closed(LinkException cause);
  }
}
