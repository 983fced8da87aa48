package io.securestreams.core.policy.json;

import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.AuthScheme;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.BufferSettings.Buffer;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.DeviceHeaders;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.HttpSettings.ContentLength;
import io.securestreams.core.policy.MqttSettings;
import io.securestreams.core.policy.MqttSettings.Announcement;
import io.securestreams.core.policy.MultipartSettings;
import io.securestreams.core.policy.MultipartSettings.Incoming;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.policy.TlsSettings;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.policy.WsSettings;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** A stream type as the members that a policy gives it: for every key, what is written. */
final class StreamMembers {

  /**
   * What the reference's parser does not know as a key of a stream type: it takes such a key for
   * the name of another stream type, to which what follows belongs. So nothing may follow.
   */
  private static final Set<PolicyKey> LAST = Set.of(PolicyKey.AUTH_HEXIFY, PolicyKey.OPTIONS);

  private final Map<PolicyKey, Function<StreamType, Optional<JsonValue>>> table =
      new EnumMap<>(PolicyKey.class);

  private final Optional<SocksProxy> inherited;

  /**
   * The members of the stream types of one policy.
   *
   * @param inherited what clients connect through that do not say otherwise
   */
  StreamMembers(Optional<SocksProxy> inherited) {
    this.inherited = inherited;
    address();
    flags(FlagKeys.STRATEGY, StreamType::strategy);
    put(PolicyKey.STREAM_RETRY, t -> Written.text(t.retry().map(RetryScheme::name)));
    put(PolicyKey.TIMEOUT_MS, t -> Written.unlessZero(t.timeoutMs()));
    tls();
    put(PolicyKey.ATTR_PRIORITY, t -> Written.unlessZero(t.ip().priority()));
    flags(FlagKeys.SERVICE, t -> t.ip().service());
    put(PolicyKey.METADATA, t -> Written.list(t.metadata(), StreamMembers::declaration));
    http();
    multipart();
    ws();
    mqtt();
    auth();
    put(PolicyKey.OPTIONS, t -> Written.pairs(t.options(), k -> k, (k, v) -> Written.text(v)));
    buffer(
        PolicyKey.PROXY_BUFLEN,
        PolicyKey.PROXY_RXFLOW_ON,
        PolicyKey.PROXY_RXFLOW_OFF,
        t -> t.buffers().proxy());
    buffer(
        PolicyKey.CLIENT_BUFLEN,
        PolicyKey.CLIENT_RXFLOW_ON,
        PolicyKey.CLIENT_RXFLOW_OFF,
        t -> t.buffers().client());
  }

  /**
   * The members as the reference needs them. There an http client always says its path: without one
   * it forgets the subprotocol, the cookies and the multipart or form encoding of the stream type.
   */
  static StreamMembers forReference(Optional<SocksProxy> inherited) {
    StreamMembers members = new StreamMembers(inherited);
    members.put(PolicyKey.HTTP_URL, type -> isHttpClient(type) ? path(type) : url(type));
    return members;
  }

  private static boolean isHttpClient(StreamType type) {
    return type.side() == Side.CLIENT && KeyScope.HTTP.covers(type.protocol(), false);
  }

  /** The keys that can be written. */
  Set<PolicyKey> keys() {
    return table.keySet();
  }

  /** The members that say something, in the order of the table of keys. */
  JsonValue.Obj of(StreamType type) {
    Written.Members members = new Written.Members();
    put(members, type, key -> !LAST.contains(key));
    put(members, type, LAST::contains);
    return members.object();
  }

  private void put(Written.Members members, StreamType type, Predicate<PolicyKey> wanted) {
    table.forEach(
        (key, value) -> {
          if (wanted.test(key)) {
            members.put(key, value.apply(type));
          }
        });
  }

  private void put(PolicyKey key, Function<StreamType, Optional<JsonValue>> value) {
    table.put(key, value);
  }

  private <S> void put(
      PolicyKey key, Function<StreamType, S> settings, Function<S, Optional<JsonValue>> value) {
    table.put(key, settings.andThen(value));
  }

  private <E extends Enum<E>> void flags(FlagKeys<E> keys, Function<StreamType, Set<E>> on) {
    keys.flags().forEach((key, flag) -> put(key, on, set -> Written.ifOn(set.contains(flag))));
  }

  private void address() {
    put(PolicyKey.SERVER_SIDE, StreamType::side, side -> Written.ifOn(side == Side.SERVER));
    put(PolicyKey.ENDPOINT, t -> Written.template(t.endpoint()));
    put(PolicyKey.PORT, StreamMembers::port);
    put(PolicyKey.PROTOCOL, StreamMembers::protocol);
    put(PolicyKey.STREAM_SOCKS5, this::proxy);
    put(PolicyKey.PAYLOAD_FMT, t -> Written.text(t.payloadFormat()));
    put(PolicyKey.LOCAL_SINK, StreamType::side, side -> Written.ifOn(side == Side.LOCAL_SINK));
  }

  /** A client whose address needs a port has to say one, 0 too. */
  private static Optional<JsonValue> port(StreamType type) {
    String endpoint = type.endpoint().map(Template::text).orElse("");
    return type.side() == Side.CLIENT && AddressCheck.needsPort(endpoint)
        ? Optional.of(Written.whole(type.port()))
        : Written.unlessZero(type.port());
  }

  /** Only a sink is not missed a protocol. */
  private static Optional<JsonValue> protocol(StreamType type) {
    boolean silent = type.side() == Side.LOCAL_SINK && type.protocol() == Protocol.H1;
    return silent ? Optional.empty() : Optional.of(Written.text(type.protocol().key()));
  }

  /** Only a client inherits, so only a client has to refuse what it would inherit. */
  private Optional<JsonValue> proxy(StreamType type) {
    boolean inherits = type.side() == Side.CLIENT;
    if (inherits && type.proxy().equals(inherited)) {
      return Optional.empty();
    }
    Optional<String> own = type.proxy().map(SocksAddress::format);
    return Written.text(inherits ? own.or(() -> Optional.of("")) : own);
  }

  private void tls() {
    Function<StreamType, TlsSettings> tls = StreamType::tlsSettings;
    put(PolicyKey.TLS, tls, settings -> Written.ifOn(settings.required()));
    put(
        PolicyKey.TLS_TRUST_STORE,
        tls,
        settings -> Written.text(settings.trustStore().map(TrustStore::name)));
    put(
        PolicyKey.CLIENT_CERT,
        tls,
        settings -> settings.clientCertificate().stream().mapToObj(Written::whole).findFirst());
    put(
        PolicyKey.SERVER_CERT,
        tls,
        settings -> Written.text(settings.serverCertificate().map(CertificateEntry::name)));
    put(
        PolicyKey.SERVER_KEY,
        tls,
        settings -> Written.text(settings.serverKey().map(CertificateEntry::name)));
    put(
        PolicyKey.CLIENT_TRUST_STORE,
        tls,
        settings -> Written.text(settings.clientTrustStore().map(TrustStore::name)));
  }

  private static JsonValue declaration(MetadataDeclaration declaration) {
    return Written.pair(
        declaration.name(), Written.header(declaration.header()).orElse(Written.text("")));
  }

  private void http() {
    Function<StreamType, HttpSettings> http = StreamType::http;
    put(PolicyKey.HTTP_METHOD, http, settings -> Written.text(settings.method()));
    put(PolicyKey.HTTP_URL, StreamMembers::url);
    put(PolicyKey.HTTP_EXPECT, http, settings -> Written.unlessZero(settings.expect()));
    put(
        PolicyKey.HTTP_RESP_MAP,
        http,
        settings ->
            Written.pairs(
                settings.responseMap(),
                status -> Integer.toString(status),
                (status, state) -> Written.whole(state)));
    put(
        PolicyKey.HTTP_NO_CONTENT_LENGTH,
        http,
        settings -> Written.ifOn(settings.contentLength() == ContentLength.NEVER));
    flags(FlagKeys.HTTP, type -> type.http().flags());
    Function<StreamType, DeviceHeaders> device = type -> type.http().device();
    put(PolicyKey.HTTP_DSN_HEADER, device, headers -> Written.header(headers.serialNumber()));
    put(PolicyKey.HTTP_FWV_HEADER, device, headers -> Written.header(headers.firmwareVersion()));
    put(PolicyKey.HTTP_DEVTYPE_HEADER, device, headers -> Written.header(headers.deviceType()));
  }

  private static Optional<JsonValue> path(StreamType type) {
    return Written.template(Optional.of(type.http().url()));
  }

  /** The path, if it is not empty. */
  private static Optional<JsonValue> url(StreamType type) {
    return path(type).filter(path -> !type.http().url().text().isEmpty());
  }

  private void multipart() {
    Function<StreamType, MultipartSettings> multipart = type -> type.http().multipart();
    put(PolicyKey.MULTIPART_NAME, multipart, settings -> Written.text(settings.name()));
    put(PolicyKey.MULTIPART_FILENAME, multipart, settings -> Written.text(settings.fileName()));
    put(PolicyKey.MIME_CONTENT_TYPE, multipart, settings -> Written.text(settings.contentType()));
    put(PolicyKey.RIDESHARE, multipart, settings -> Written.text(settings.rideshare()));
    put(
        PolicyKey.MULTIPART_IN,
        multipart,
        settings -> Written.ifOn(settings.incoming() == Incoming.SPLIT));
  }

  private void ws() {
    Function<StreamType, WsSettings> ws = StreamType::ws;
    put(PolicyKey.WS_SUBPROTOCOL, ws, settings -> Written.text(settings.subprotocol()));
    put(
        PolicyKey.WS_BINARY,
        ws,
        settings -> Written.ifOn(settings.frames() == WsSettings.Frames.BINARY));
    put(
        PolicyKey.WS_PRIORITIZE_READS,
        ws,
        settings -> Written.ifOn(settings.turn() == WsSettings.Turn.READS_FIRST));
  }

  private void mqtt() {
    Function<StreamType, MqttSettings> mqtt = StreamType::mqtt;
    put(PolicyKey.MQTT_TOPIC, mqtt, settings -> Written.template(settings.topic()));
    put(PolicyKey.MQTT_SUBSCRIBE, mqtt, settings -> Written.template(settings.subscribe()));
    put(PolicyKey.MQTT_QOS, mqtt, settings -> Written.unlessZero(settings.qos()));
    put(PolicyKey.MQTT_KEEP_ALIVE, mqtt, settings -> Written.unlessZero(settings.keepAlive()));
    flags(FlagKeys.MQTT, type -> type.mqtt().flags());
    Function<StreamType, Announcement> will = type -> type.mqtt().will();
    put(PolicyKey.MQTT_WILL_TOPIC, will, message -> Written.template(message.topic()));
    put(PolicyKey.MQTT_WILL_MESSAGE, will, message -> Written.template(message.message()));
    put(PolicyKey.MQTT_WILL_QOS, will, message -> Written.unlessZero(message.qos()));
    put(PolicyKey.MQTT_WILL_RETAIN, will, message -> Written.ifOn(message.retain()));
    Function<StreamType, Announcement> birth = type -> type.mqtt().birth();
    put(PolicyKey.MQTT_BIRTH_TOPIC, birth, message -> Written.template(message.topic()));
    put(PolicyKey.MQTT_BIRTH_MESSAGE, birth, message -> Written.template(message.message()));
    put(PolicyKey.MQTT_BIRTH_QOS, birth, message -> Written.unlessZero(message.qos()));
    put(PolicyKey.MQTT_BIRTH_RETAIN, birth, message -> Written.ifOn(message.retain()));
  }

  private void auth() {
    Function<StreamType, AuthSettings> auth = StreamType::auth;
    put(
        PolicyKey.USE_AUTH,
        auth,
        settings -> Written.text(settings.scheme().map(AuthScheme::name)));
    put(PolicyKey.AWS_REGION, auth, settings -> Written.text(settings.region()));
    put(PolicyKey.AWS_SERVICE, auth, settings -> Written.text(settings.service()));
    put(PolicyKey.HTTP_AUTH_HEADER, auth, settings -> Written.header(settings.header()));
    put(PolicyKey.HTTP_AUTH_PREAMBLE, auth, settings -> Written.text(settings.preamble()));
    put(
        PolicyKey.AUTH_HEXIFY,
        auth,
        settings -> Written.ifOn(settings.token() == AuthSettings.Token.HEX));
  }

  private void buffer(
      PolicyKey size, PolicyKey on, PolicyKey off, Function<StreamType, Buffer> buffer) {
    put(size, buffer, settings -> Written.unlessZero(settings.size()));
    put(on, buffer, settings -> Written.unlessZero(settings.pauseAbove()));
    put(off, buffer, settings -> Written.unlessZero(settings.resumeBelow()));
  }
}
