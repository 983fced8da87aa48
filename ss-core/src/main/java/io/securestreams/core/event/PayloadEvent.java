package io.securestreams.core.event;

/**
 * A piece of a received message.
 *
 * @param payload the bytes; may be empty on an end marker
 * @param flags where in its message the piece stands
 */
public record PayloadEvent(Payload payload, MessageFlags flags) implements StreamEvent {}
