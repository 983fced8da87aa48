package io.securestreams.reactor.transport.http.server;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.securestreams.core.plan.ServerPlan;
import io.securestreams.reactor.spi.Answer;

/**
 * Turns an http connection, or one stream of it, into one of another protocol, at the client's
 * request.
 */
public interface ServerUpgrade {

  /**
   * Whether a request asks for the protocol, well or badly.
   *
   * @param request head of a request
   */
  boolean isAskedFor(HttpRequest request);

  /**
   * The answer to a request that asks for it: status 101 accepts, any other refuses.
   *
   * @param request head of a request without a body
   * @param plan what the listener speaks
   */
  HttpResponse answer(HttpRequest request, ServerPlan plan);

  /** The protocol's name where a stream is asked to carry it. Source: RFC 8441 section 4. */
  String protocol();

  /**
   * The answer to a request that a stream shall carry the protocol: status 200 accepts, any other
   * refuses.
   *
   * @param head head of a request
   * @param plan what the listener speaks
   */
  Answer answer(ServerMultiplexedHead head, ServerPlan plan);

  /**
   * Takes over a channel in a batch of received messages. Where http's own handlers are on it, its
   * answer of status 101 is written and not yet flushed, and they leave the pipeline after this
   * call.
   *
   * @param connection the link, whose signals and credit the new phase takes over
   * @param channel what carries the protocol: the link's own channel, or a tunnel through it
   * @param plan what the listener speaks
   * @param request head of the request that was accepted
   * @return the phase, whose handlers are at the end of the pipeline
   */
  ServerPhase takeOver(
      ServerConnection connection, Channel channel, ServerPlan plan, ServerRequestHead request);
}
