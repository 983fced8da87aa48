package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.Protocol;
import java.util.Optional;

/** Topics of mqtt clients. */
final class MqttCheck {

  private MqttCheck() {}

  static void check(StreamDraft draft) {
    Fields fields = draft.fields();
    if (!draft.speaks(Protocol.MQTT) || draft.isServer()) {
      return;
    }
    if (!fields.has(PolicyKey.MQTT_TOPIC) && !fields.has(PolicyKey.MQTT_SUBSCRIBE)) {
      fields.report(
          FindingCode.SUSPICIOUS, "neither 'mqtt_topic' nor 'mqtt_subscribe': nothing to do");
    }
    fields
        .text(PolicyKey.MQTT_TOPIC)
        .flatMap(MqttCheck::topicFault)
        .ifPresent(fault -> fields.reportValue(PolicyKey.MQTT_TOPIC, FindingCode.VALUE, fault));
    boolean aws = fields.flag(PolicyKey.AWS_IOT);
    fields
        .text(PolicyKey.MQTT_SUBSCRIBE)
        .flatMap(filter -> filterFault(filter, aws))
        .ifPresent(fault -> fields.reportValue(PolicyKey.MQTT_SUBSCRIBE, FindingCode.VALUE, fault));
    require(fields, PolicyKey.MQTT_WILL_MESSAGE, PolicyKey.MQTT_WILL_TOPIC);
    require(fields, PolicyKey.MQTT_BIRTH_MESSAGE, PolicyKey.MQTT_BIRTH_TOPIC);
  }

  private static void require(Fields fields, PolicyKey message, PolicyKey topic) {
    if (fields.has(message) && !fields.has(topic)) {
      fields.report(FindingCode.MISSING, "'" + topic.key() + "' is required");
    }
  }

  private static Optional<String> topicFault(String topic) {
    if (topic.isEmpty()) {
      return Optional.of("empty topic");
    }
    boolean wildcard = topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0;
    return wildcard ? Optional.of("wildcard in publish topic") : Optional.empty();
  }

  private static Optional<String> filterFault(String filter, boolean aws) {
    if (filter.startsWith("$") && !filter.startsWith("${") && !aws) {
      return Optional.of("topics that begin with '$' need \"aws_iot\": true");
    }
    String[] levels = filter.split("/", -1);
    for (int index = 0; index < levels.length; index++) {
      String level = levels[index];
      if (level.indexOf('#') >= 0 && index < levels.length - 1) {
        return Optional.of("'#' must be last");
      }
      boolean wildcard = level.indexOf('#') >= 0 || level.indexOf('+') >= 0;
      if (wildcard && level.length() > 1) {
        return Optional.of("a wildcard must be a level of its own");
      }
    }
    return Optional.empty();
  }
}
