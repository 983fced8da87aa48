package io.securestreams.core.policy.json;

import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.BufferSettings;
import io.securestreams.core.policy.BufferSettings.Buffer;
import io.securestreams.core.policy.DeviceHeaders;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.HttpSettings.ContentLength;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.MqttSettings;
import io.securestreams.core.policy.MqttSettings.Announcement;
import io.securestreams.core.policy.MultipartSettings;
import io.securestreams.core.policy.MultipartSettings.Incoming;
import io.securestreams.core.policy.WsSettings;
import io.securestreams.core.policy.WsSettings.Frames;
import io.securestreams.core.policy.WsSettings.Turn;
import java.util.Locale;
import java.util.Optional;

/** The members of a stream type, group by group, as settings. */
final class StreamSettings {

  private StreamSettings() {}

  static HttpSettings http(StreamDraft draft) {
    Fields fields = draft.fields();
    return new HttpSettings(
        draft.method(),
        Template.parse(fields.text(PolicyKey.HTTP_URL).orElse("")),
        (int) fields.whole(PolicyKey.HTTP_EXPECT),
        draft.responses(),
        fields.flag(PolicyKey.HTTP_NO_CONTENT_LENGTH)
            ? ContentLength.NEVER
            : ContentLength.SENT_WHEN_KNOWN,
        FlagKeys.HTTP.read(fields),
        new DeviceHeaders(
            header(fields, PolicyKey.HTTP_DSN_HEADER),
            header(fields, PolicyKey.HTTP_FWV_HEADER),
            header(fields, PolicyKey.HTTP_DEVTYPE_HEADER)),
        multipart(fields));
  }

  /** A header as it is kept: names differ neither by case nor by a colon at their end. */
  static Optional<String> header(Fields fields, PolicyKey key) {
    return fields.text(key).map(text -> HttpSyntax.withoutColon(text).toLowerCase(Locale.ROOT));
  }

  private static MultipartSettings multipart(Fields fields) {
    return new MultipartSettings(
        fields.text(PolicyKey.MULTIPART_NAME),
        fields.text(PolicyKey.MULTIPART_FILENAME),
        fields.text(PolicyKey.MIME_CONTENT_TYPE),
        fields.text(PolicyKey.RIDESHARE),
        fields.flag(PolicyKey.MULTIPART_IN) ? Incoming.SPLIT : Incoming.WHOLE);
  }

  static WsSettings ws(Fields fields) {
    return new WsSettings(
        fields.text(PolicyKey.WS_SUBPROTOCOL),
        fields.flag(PolicyKey.WS_BINARY) ? Frames.BINARY : Frames.TEXT,
        fields.flag(PolicyKey.WS_PRIORITIZE_READS) ? Turn.READS_FIRST : Turn.FAIR);
  }

  static MqttSettings mqtt(Fields fields) {
    return new MqttSettings(
        template(fields, PolicyKey.MQTT_TOPIC),
        template(fields, PolicyKey.MQTT_SUBSCRIBE).filter(filter -> !filter.text().isEmpty()),
        (int) fields.whole(PolicyKey.MQTT_QOS),
        (int) fields.whole(PolicyKey.MQTT_KEEP_ALIVE),
        FlagKeys.MQTT.read(fields),
        new Announcement(
            template(fields, PolicyKey.MQTT_WILL_TOPIC),
            template(fields, PolicyKey.MQTT_WILL_MESSAGE),
            (int) fields.whole(PolicyKey.MQTT_WILL_QOS),
            fields.flag(PolicyKey.MQTT_WILL_RETAIN)),
        new Announcement(
            template(fields, PolicyKey.MQTT_BIRTH_TOPIC),
            template(fields, PolicyKey.MQTT_BIRTH_MESSAGE),
            (int) fields.whole(PolicyKey.MQTT_BIRTH_QOS),
            fields.flag(PolicyKey.MQTT_BIRTH_RETAIN)));
  }

  static Optional<Template> template(Fields fields, PolicyKey key) {
    return fields.text(key).map(Template::parse);
  }

  static IpAttributes ip(Fields fields) {
    return new IpAttributes(
        (int) fields.whole(PolicyKey.ATTR_PRIORITY), FlagKeys.SERVICE.read(fields));
  }

  static BufferSettings buffers(Fields fields) {
    return new BufferSettings(
        new Buffer(
            fields.whole(PolicyKey.PROXY_BUFLEN),
            fields.whole(PolicyKey.PROXY_RXFLOW_ON),
            fields.whole(PolicyKey.PROXY_RXFLOW_OFF)),
        new Buffer(
            fields.whole(PolicyKey.CLIENT_BUFLEN),
            fields.whole(PolicyKey.CLIENT_RXFLOW_ON),
            fields.whole(PolicyKey.CLIENT_RXFLOW_OFF)));
  }
}
