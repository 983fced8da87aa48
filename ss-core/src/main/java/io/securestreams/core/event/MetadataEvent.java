package io.securestreams.core.event;

/**
 * The peer gave a declared metadata name a value. Comes before the state it belongs to.
 *
 * <p>The value is not part of {@link #toString()}: it may be a credential.
 *
 * @param name a name that the stream type declares
 * @param value the value as received
 */
public record MetadataEvent(String name, String value) implements StreamEvent {

  @Override
  public String toString() {
    return "MetadataEvent[name=" + name + "]";
  }
}
