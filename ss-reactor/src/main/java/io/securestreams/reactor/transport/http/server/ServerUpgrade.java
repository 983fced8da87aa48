package io.securestreams.reactor.transport.http.server;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.securestreams.core.plan.ServerPlan;

/** Turns an http connection into one of another protocol, at the client's request. */
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

  /**
   * Takes over a connection whose answer of status 101 is written, and not yet flushed. Http's own
   * handlers leave the pipeline after this call.
   *
   * @param connection the connection, whose signals and credit the new phase takes over
   * @param plan what the listener speaks
   * @param request head of the request that was accepted
   * @return the phase, whose handlers are at the end of the pipeline
   */
  ServerPhase takeOver(ServerConnection connection, ServerPlan plan, HttpRequest request);
}
