package io.securestreams.core.policy.json;

import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import java.util.Map;
import java.util.Optional;

/**
 * A stream type as far as its own members tell, before names are looked up.
 *
 * @param name the stream type
 * @param fields its members
 * @param side what creating it does
 * @param protocol empty if what was given was refused
 * @param method request method, given or implied by an old protocol name
 * @param metadata declared names
 * @param responses status to state
 * @param options of a server
 */
record StreamDraft(
    String name,
    Fields fields,
    Side side,
    Optional<Protocol> protocol,
    Optional<String> method,
    MetadataTable metadata,
    Map<Integer, Integer> responses,
    Map<String, String> options) {

  /** A draft is equal to itself only: what it says does not matter, and takes long to compare. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** True if it listens. */
  boolean isServer() {
    return side == Side.SERVER;
  }

  /** True if it connects to a peer. */
  boolean isClient() {
    return side == Side.CLIENT;
  }

  /** True if this is known to be its protocol. */
  boolean speaks(Protocol wanted) {
    return protocol.filter(given -> given == wanted).isPresent();
  }

  /** True if its protocol is known to be h1, h2 or h3. */
  boolean isTransactional() {
    return protocol.filter(Protocol::isTransactional).isPresent();
  }

  /** The endpoint as written; empty text if there is none. */
  String endpoint() {
    return fields.text(PolicyKey.ENDPOINT).orElse("");
  }

  /** True if the endpoint is a path of a Unix domain socket, or an abstract name. */
  boolean isUnixSocket() {
    return endpoint().startsWith("+");
  }

  /** True if the endpoint is a file that is read as if it were received. */
  boolean isFile() {
    return endpoint().startsWith("file://");
  }
}
