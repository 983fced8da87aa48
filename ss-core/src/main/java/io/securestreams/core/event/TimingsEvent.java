package io.securestreams.core.event;

/**
 * How long the parts of a connection took. It comes between other events and changes no state: over
 * http before CONNECTED or UNREACHABLE, otherwise at the end of the connection.
 *
 * @param timings of the connection
 */
public record TimingsEvent(ConnectionTimings timings) implements StreamEvent {}
