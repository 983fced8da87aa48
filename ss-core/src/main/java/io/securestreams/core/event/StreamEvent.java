package io.securestreams.core.event;

/**
 * One thing that happened to a stream.
 *
 * <p>Payload, states and metadata of one stream come in one order, and that order is part of the
 * contract: metadata, user state, CONNECTED, payload, acknowledgement, DISCONNECTED.
 */
public sealed interface StreamEvent permits StateEvent, PayloadEvent, MetadataEvent, TimingsEvent {}
