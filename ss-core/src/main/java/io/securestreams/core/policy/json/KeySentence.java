package io.securestreams.core.policy.json;

/** What each key of the policy language does, told to people in a sentence or two. */
final class KeySentence {

  private KeySentence() {}

  static String of(PolicyKey key) {
    return switch (key) {
      case RELEASE -> "Version of this policy, for people.";
      case PRODUCT -> "What this policy is for, for people.";
      case SCHEMA_VERSION ->
          "Version of the policy language that is needed; a reader refuses one that is newer "
              + "than itself.";
      case VIA_SOCKS5 -> "SOCKS5 proxy of every client stream that does not name its own.";
      case RETRY_SCHEMES -> "Retry schemes by name: how a client comes back after failures.";
      case CERTS ->
          "Certificates and private keys by name: what stands between the BEGIN and END lines "
              + "of PEM.";
      case TRUST_STORES -> "Sets of certificate authorities that clients verify their peers with.";
      case AUTHS -> "Ways to authenticate requests.";
      case METRICS -> "Which metrics are reported, and how often.";
      case STREAM_TYPES -> "Stream types by name: what an application may open.";

      case BACKOFF ->
          "Delays before the retries, in ms; the last one repeats. Without any, each is 3000 "
              + "ms.";
      case CONCEAL -> "So many failed attempts are followed by another one; 65535 never gives up.";
      case JITTERPC ->
          "At random up to this much is added to each delay, so that clients do not come back "
              + "together; 0 means 30.";
      case SVALIDPING -> "After this idle time the peer is asked for a sign of life.";
      case SVALIDHUP -> "After this idle time the connection is closed; 0 never.";

      case STORE_NAME -> "What `tls_trust_store` refers to.";
      case STORE_STACK -> "Names of certificates in `certs`, which come earlier in the text.";

      case AUTH_NAME -> "What `use_auth` refers to.";
      case AUTH_TYPE -> "The scheme.";
      case AUTH_STREAMTYPE -> "The stream type that renews the credentials; it has no effect.";
      case AUTH_BLOB -> "Index of the system blob that holds key id and secret.";

      case METRIC_NAME -> "Name of the report.";
      case METRIC_SCHEDULE -> "Time between reports; 0 is no periodic report.";
      case METRIC_HALFLIFE -> "Has no effect, in the reference neither.";
      case METRIC_OUTLIER -> "Has no effect, in the reference neither.";
      case METRIC_REPORT ->
          "Metrics by name, with commas between them; `*` stands for any characters.";

      case SERVER_SIDE -> "It listens instead of connecting.";
      case ENDPOINT ->
          "Client: host name, address or URL; `${name}` is replaced by metadata. Server: "
              + "address or interface to listen on, all without it. `+path` and `+@name` are Unix "
              + "domain sockets.";
      case PORT -> "Where to connect or to listen.";
      case PROTOCOL -> "What is spoken.";
      case STREAM_SOCKS5 ->
          "SOCKS5 proxy of this stream instead of the one of the document; empty is none.";
      case PAYLOAD_FMT -> "A label for the application; nothing else looks at it.";
      case LOCAL_SINK -> "It is joined to a sink in this process instead of the network.";
      case PLUGINS -> "Has no effect any more.";

      case OPPORTUNISTIC -> "A connection that drops is made again only when it is needed.";
      case NAILED_UP -> "It connects at once, without being asked.";
      case URGENT_TX -> "What it sends is critical.";
      case URGENT_RX -> "What it receives is critical.";
      case LONG_POLL ->
          "The response may pause as long as it likes: no inactivity limit once its headers are "
              + "there.";
      case STREAM_RETRY ->
          "Name of a scheme in `retry`, which comes earlier in the text. Without it there are "
              + "no retries.";
      case TIMEOUT_MS ->
          "Time limit when the application starts the stream's timeout without saying one.";
      case SWAKE_VALIDITY -> "Its timers wake a suspended system, where there is such a clock.";
      case PERF -> "It delivers measurements of its connections beside the payload.";

      case TLS -> "The connection is encrypted.";
      case TLS_TRUST_STORE ->
          "Name in `trust_stores` of the authorities that the peer is verified with. Without "
              + "it the platform's are used.";
      case CLIENT_CERT -> "Index of the client certificate and key that the system holds.";
      case SERVER_CERT -> "Name in `certs` of the certificate that a TLS server shows.";
      case SERVER_KEY -> "Name in `certs` of the private key of `server_cert`.";
      case CLIENT_TRUST_STORE ->
          "Name in `trust_stores` of the authorities of clients: every client has to show a "
              + "certificate that one of them signed. The reference has no such key.";

      case ATTR_PRIORITY -> "Priority of the socket: 0 is normal, 7 is for network management.";
      case ATTR_LOW_LATENCY -> "Asks the network for little delay.";
      case ATTR_HIGH_THROUGHPUT -> "Asks the network for throughput.";
      case ATTR_HIGH_RELIABILITY -> "Asks the network for reliability.";
      case ATTR_LOW_COST -> "Asks the network for little cost.";

      case METADATA ->
          "Names for values of the application: an empty text for use in `${name}` only, else "
              + "the header that carries the value.";

      case HTTP_METHOD -> "Request method.";
      case HTTP_URL ->
          "Path and query of the request; `${name}` is replaced by metadata, one leading `/` "
              + "may be left out.";
      case HTTP_EXPECT ->
          "The only status that counts as success. Without it each of 200..299 does.";
      case HTTP_FAIL_REDIRECT -> "A redirect is the sign of a captive portal; the attempt fails.";
      case ALLOW_REDIRECTS -> "Redirects are followed.";
      case HTTP_RESP_MAP ->
          "Which state a status is reported as: 1000..65535, or 4 for AUTH_FAILED.";
      case HTTP_NO_CONTENT_LENGTH ->
          "The header `content-length` is not sent, even if the length is known.";
      case HTTP_AUTH_HEADER -> "Header that carries the authentication token.";
      case HTTP_AUTH_PREAMBLE -> "Text before the authentication token, for example `Bearer `.";
      case HTTP_DSN_HEADER -> "Header that carries the serial number of the device.";
      case HTTP_FWV_HEADER -> "Header that carries the firmware version.";
      case HTTP_DEVTYPE_HEADER -> "Header that carries the type of the device.";
      case AUTH_HEXIFY -> "The authentication token is sent as hexadecimal digits.";
      case NGHTTP2_QUIRK -> "A request without body ends with its headers; this is always so.";
      case H2Q_OFLOW_TXCR ->
          "Credit of the peer that overflows the window is cut to the most there is.";
      case H2_PRIOR_KNOWLEDGE ->
          "Without TLS h2 is spoken from the first byte on, instead of h1. The reference ignores it.";
      case MULTIPART_IN -> "Each part of a multipart response is a message.";
      case MULTIPART_NAME ->
          "The body is sent as multipart/form-data; this is the name of its part.";
      case MULTIPART_FILENAME -> "File name of the part.";
      case MIME_CONTENT_TYPE -> "Content type of the part.";
      case FORM_URLENCODED -> "The body is a form, already encoded.";
      case HTTP_COOKIES -> "Cookies of responses are kept and sent back.";
      case RIDESHARE -> "Stream type whose payload is the next part of the same multipart body.";
      case DIRECT_PROTO_STR -> "Any header may be set and read by its name, without a declaration.";

      case WS_SUBPROTOCOL ->
          "Client: subprotocols that it offers. Server: it accepts upgrades and answers with "
              + "this one.";
      case WS_BINARY -> "Messages are sent as binary, not as text.";
      case WS_PRIORITIZE_READS -> "Reading goes before writing.";

      case MQTT_TOPIC ->
          "Topic of what is published, without wildcards; `${name}` is replaced by metadata.";
      case MQTT_SUBSCRIBE -> "Topic filter to subscribe to; `${name}` is replaced by metadata.";
      case MQTT_QOS -> "Quality of service of what is published and of the subscription.";
      case MQTT_RETAIN -> "The broker keeps what is published.";
      case MQTT_KEEP_ALIVE ->
          "The broker may close a connection that was idle for longer; 0 never.";
      case MQTT_CLEAN_START -> "The broker forgets the session before.";
      case MQTT_WILL_TOPIC -> "Topic of the will; `${name}` is replaced by metadata.";
      case MQTT_WILL_MESSAGE ->
          "What the broker publishes when the client is lost; `${name}` is replaced by "
              + "metadata.";
      case MQTT_WILL_QOS -> "Quality of service of the will.";
      case MQTT_WILL_RETAIN -> "The broker keeps the will.";
      case MQTT_BIRTH_TOPIC -> "Topic of the birth message; `${name}` is replaced by metadata.";
      case MQTT_BIRTH_MESSAGE ->
          "What is published right after connecting; `${name}` is replaced by metadata.";
      case MQTT_BIRTH_QOS -> "Quality of service of the birth message.";
      case MQTT_BIRTH_RETAIN -> "The broker keeps the birth message.";
      case AWS_IOT -> "The rules of AWS IoT: topics of at most 256 bytes, device shadows.";

      case USE_AUTH -> "Name of an entry of `auth`, which comes earlier in the text.";
      case AWS_REGION -> "Name of the metadata that holds the region for sigv4.";
      case AWS_SERVICE -> "Name of the metadata that holds the service for sigv4.";

      case OPTIONS -> "Options of the server by name; none is known.";

      case PROXY_BUFLEN -> "Buffer of a stream in the proxy process; 0 means 32768.";
      case PROXY_RXFLOW_ON ->
          "With so much in the proxy's buffer the peer is not read; 0 reads always.";
      case PROXY_RXFLOW_OFF -> "With less than this in the proxy's buffer the peer is read again.";
      case CLIENT_BUFLEN -> "Buffer of a stream in a process that uses a proxy; 0 means 32768.";
      case CLIENT_RXFLOW_ON -> "Has no effect, in the reference neither.";
      case CLIENT_RXFLOW_OFF -> "Has no effect, in the reference neither.";
    };
  }
}
