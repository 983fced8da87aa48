package io.securestreams.core.policy;

import io.securestreams.core.metadata.Template;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The MQTT part of a stream type (MQTT 3.1.1).
 *
 * @param topic of what is published. Source: {@code mqtt_topic}
 * @param subscribe topic filter; empty subscribes to nothing. Source: {@code mqtt_subscribe}
 * @param qos of publishes and of the subscription, 0..2. Source: {@code mqtt_qos}
 * @param keepAlive of the connection in s, 0..65535; 0 means off. Source: {@code mqtt_keep_alive}
 * @param flags what else is on
 * @param will what the broker publishes if the connection is lost. Source: {@code mqtt_will_*}
 * @param birth what is published right after connecting. Source: {@code mqtt_birth_*}
 */
public record MqttSettings(
    Optional<Template> topic,
    Optional<Template> subscribe,
    int qos,
    int keepAlive,
    Set<Flag> flags,
    Announcement will,
    Announcement birth) {

  /** Nothing set. */
  public static final MqttSettings NONE =
      new MqttSettings(
          Optional.empty(), Optional.empty(), 0, 0, Set.of(), Announcement.NONE, Announcement.NONE);

  /** Each is a policy key of {@code s[].*}. */
  public enum Flag {
    /** Publishes are retained: {@code mqtt_retain}. */
    RETAIN,
    /** The session starts clean: {@code mqtt_clean_start}. */
    CLEAN_START,
    /** The rules of AWS IoT for topics: {@code aws_iot}. */
    AWS_IOT
  }

  /** Copies the flags. */
  public MqttSettings {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(subscribe, "subscribe");
    flags = Copies.flags(flags);
    Objects.requireNonNull(will, "will");
    Objects.requireNonNull(birth, "birth");
  }

  /**
   * A message that the policy itself holds; without a topic there is none.
   *
   * @param topic where it goes. Source: {@code mqtt_*_topic}
   * @param message its payload. Source: {@code mqtt_*_message}
   * @param qos 0..2. Source: {@code mqtt_*_qos}
   * @param retain whether it is retained. Source: {@code mqtt_*_retain}
   */
  public record Announcement(
      Optional<Template> topic, Optional<Template> message, int qos, boolean retain) {

    /** Nothing set. */
    public static final Announcement NONE =
        new Announcement(Optional.empty(), Optional.empty(), 0, false);

    /** Checks the components. */
    public Announcement {
      Objects.requireNonNull(topic, "topic");
      Objects.requireNonNull(message, "message");
    }
  }
}
