package io.securestreams.core.plan;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.policy.WsSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything a transport needs to listen.
 *
 * @param streamType for messages and logs
 * @param protocol h1, h2, h3, ws or raw
 * @param host interface name or address to bind, or a Unix domain socket behind {@code +}; empty
 *     for all addresses
 * @param port TCP or UDP port, 0 for any free one
 * @param identity certificate and key, present exactly if TLS is required
 * @param ws subprotocol and kind of frames; upgrades are accepted if a subprotocol is named or the
 *     protocol is ws
 * @param metadata declared names
 * @param contentLength whether a known response length is announced
 * @param attributes what the packets of accepted connections ask of the network
 */
public record ServerPlan(
    String streamType,
    Protocol protocol,
    Optional<String> host,
    int port,
    Optional<Identity> identity,
    WsSettings ws,
    List<MetadataDeclaration> metadata,
    HttpSettings.ContentLength contentLength,
    IpAttributes attributes) {

  /** Copies the declarations. */
  public ServerPlan {
    Objects.requireNonNull(streamType, "streamType");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(ws, "ws");
    metadata = List.copyOf(metadata);
    Objects.requireNonNull(contentLength, "contentLength");
    Objects.requireNonNull(attributes, "attributes");
  }

  /**
   * The same, asking nothing of the network.
   *
   * @param streamType for messages and logs
   * @param protocol h1, h2, h3, ws or raw
   * @param host interface name or address to bind, or a Unix domain socket behind {@code +}; empty
   *     for all addresses
   * @param port TCP or UDP port, 0 for any free one
   * @param identity certificate and key, present exactly if TLS is required
   * @param ws subprotocol and kind of frames
   * @param metadata declared names
   * @param contentLength whether a known response length is announced
   */
  public ServerPlan(
      String streamType,
      Protocol protocol,
      Optional<String> host,
      int port,
      Optional<Identity> identity,
      WsSettings ws,
      List<MetadataDeclaration> metadata,
      HttpSettings.ContentLength contentLength) {
    this(
        streamType, protocol, host, port, identity, ws, metadata, contentLength, IpAttributes.NONE);
  }

  /**
   * The certificate of a server and the private key that belongs to it.
   *
   * @param certificate X.509 in DER
   * @param key PKCS#8, PKCS#1 or SEC1 in DER
   * @param clients the authorities of clients, each of which has to show a certificate then
   */
  public record Identity(
      CertificateEntry certificate, CertificateEntry key, Optional<TrustStore> clients) {

    /** Checks the component. */
    public Identity {
      Objects.requireNonNull(clients, "clients");
    }

    /** The same, asking no client for a certificate. */
    public Identity(CertificateEntry certificate, CertificateEntry key) {
      this(certificate, key, Optional.empty());
    }
  }

  /** What is bound; a network address without a host means all of this machine's. */
  public Address address() {
    String name = host.orElse("");
    return name.startsWith("+")
        ? new Address.Unix(name.substring(1))
        : new Address.Network(name, port);
  }

  /**
   * Whether both can't be bound at the same time, or may not be, and closing the socket of one
   * makes room for the other. A TCP port is another one than the UDP port of its number; a UDP
   * socket is not free before the last of its connections has ended, so that closing it does not
   * help.
   *
   * @param other another plan
   */
  public boolean mayCollideWith(ServerPlan other) {
    if (protocol.isOverUdp() || other.protocol.isOverUdp()) {
      return false;
    }
    return address() instanceof Address.Network && other.address() instanceof Address.Network
        ? port == other.port()
        : address().equals(other.address());
  }

  /** True if WebSocket upgrades are accepted. */
  public boolean upgrades() {
    return protocol == Protocol.WS || ws.subprotocol().isPresent();
  }

  /** The subprotocol that an upgrade must agree to, if any. */
  public Optional<String> subprotocol() {
    return ws.subprotocol();
  }

  /** True if WebSocket messages are sent as text, false for binary. */
  public boolean textFrames() {
    return ws.frames() == WsSettings.Frames.TEXT;
  }
}
