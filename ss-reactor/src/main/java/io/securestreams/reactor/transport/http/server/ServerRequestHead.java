package io.securestreams.reactor.transport.http.server;

import java.util.List;

/** The head of a request, whatever version of http brings it. */
public interface ServerRequestHead {

  /** The method as sent. */
  String method();

  /** What is asked for, as sent. */
  String target();

  /**
   * The values of a header.
   *
   * @param header its name; case does not matter
   * @return one for each line, in their order; empty if there is none
   */
  List<String> values(String header);
}
