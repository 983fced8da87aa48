package io.securestreams.core.plan;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.BufferSettings;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.DeviceHeaders;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.MqttSettings;
import io.securestreams.core.policy.MultipartSettings;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.policy.WsSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A stream type said in the words of a policy. */
final class TypeText {

  static final TrustStore STORE =
      new TrustStore("store", List.of(new CertificateEntry("ca", new byte[] {1})));

  private Side side = Side.CLIENT;
  private Protocol protocol = Protocol.H1;
  private Optional<Template> endpoint = Optional.of(Template.parse("example.test"));
  private int port = 8080;
  private TlsSettings tls = TlsSettings.NONE;
  private Optional<SocksProxy> proxy = Optional.empty();
  private IpAttributes ip = IpAttributes.NONE;
  private Optional<String> method = Optional.of("GET");
  private String url = "";
  private int expect;
  private Map<Integer, Integer> responseMap = Map.of();
  private HttpSettings.ContentLength contentLength = HttpSettings.ContentLength.SENT_WHEN_KNOWN;
  private WsSettings ws = WsSettings.NONE;
  private AuthSettings auth = AuthSettings.NONE;
  private DeviceHeaders device = DeviceHeaders.NONE;
  private MultipartSettings multipart = MultipartSettings.NONE;
  private final Set<HttpSettings.Flag> flags = EnumSet.noneOf(HttpSettings.Flag.class);
  private String name = "demo";
  private final List<MetadataDeclaration> metadata = new ArrayList<>();

  static TypeText http(String method) {
    TypeText text = new TypeText();
    text.method = Optional.of(method);
    return text;
  }

  static TypeText ws() {
    TypeText text = new TypeText();
    text.protocol = Protocol.WS;
    text.method = Optional.empty();
    return text;
  }

  static TypeText server() {
    TypeText text = new TypeText();
    text.side = Side.SERVER;
    text.endpoint = Optional.empty();
    text.method = Optional.empty();
    return text;
  }

  TypeText protocol(Protocol value) {
    protocol = value;
    return this;
  }

  TypeText endpoint(String value) {
    endpoint = Optional.of(Template.parse(value));
    return this;
  }

  TypeText port(int value) {
    port = value;
    return this;
  }

  TypeText tls() {
    tls =
        new TlsSettings(
            true,
            Optional.of(STORE),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return this;
  }

  TypeText identity(String certificate, String key) {
    tls =
        new TlsSettings(
            true,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.of(entry(certificate)),
            Optional.of(entry(key)),
            Optional.empty());
    return this;
  }

  TypeText clientCertificate(int slot) {
    tls =
        new TlsSettings(
            true,
            Optional.of(STORE),
            OptionalInt.of(slot),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return this;
  }

  TypeText via(SocksProxy value) {
    proxy = Optional.of(value);
    return this;
  }

  TypeText asking(IpAttributes value) {
    ip = value;
    return this;
  }

  static CertificateEntry entry(String name) {
    return new CertificateEntry(name, new byte[] {2});
  }

  TypeText noMethod() {
    method = Optional.empty();
    return this;
  }

  TypeText url(String value) {
    url = value;
    return this;
  }

  TypeText answers(int success, Map<Integer, Integer> map) {
    expect = success;
    responseMap = map;
    return this;
  }

  TypeText noContentLength() {
    contentLength = HttpSettings.ContentLength.NEVER;
    return this;
  }

  TypeText name(String value) {
    name = value;
    return this;
  }

  TypeText flag(HttpSettings.Flag value) {
    flags.add(value);
    return this;
  }

  TypeText token(String header, String preamble, AuthSettings.Token form) {
    auth =
        new AuthSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(header),
            Optional.of(preamble),
            form);
    return this;
  }

  TypeText device(String serialNumber, String firmwareVersion, String deviceType) {
    device =
        new DeviceHeaders(
            Optional.of(serialNumber), Optional.of(firmwareVersion), Optional.of(deviceType));
    return this;
  }

  /** A part; empty texts say that a setting is absent. */
  TypeText part(String partName, String fileName, String contentType, String rideshare) {
    multipart =
        new MultipartSettings(
            said(partName),
            said(fileName),
            said(contentType),
            said(rideshare),
            MultipartSettings.Incoming.WHOLE);
    return this;
  }

  private static Optional<String> said(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  TypeText subprotocol(String value) {
    ws = new WsSettings(Optional.of(value), WsSettings.Frames.BINARY, WsSettings.Turn.FAIR);
    return this;
  }

  TypeText declare(String name, String header) {
    metadata.add(
        new MetadataDeclaration(name, header.isEmpty() ? Optional.empty() : Optional.of(header)));
    return this;
  }

  StreamType type() {
    return new StreamType(
        name,
        side,
        protocol,
        endpoint,
        port,
        proxy,
        Set.of(),
        Optional.empty(),
        0,
        tls,
        ip,
        metadata,
        new HttpSettings(
            method,
            Template.parse(url),
            expect,
            responseMap,
            contentLength,
            flags,
            device,
            multipart),
        auth,
        ws,
        MqttSettings.NONE,
        Map.of(),
        BufferSettings.NONE,
        Optional.empty(),
        List.of());
  }
}
