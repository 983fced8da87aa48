package io.securestreams.core.plan;

/**
 * A metadata name with the value a peer gave it; the value is never part of {@link #toString()}.
 *
 * @param name declared metadata name
 * @param value as received
 */
public record MetadataValue(String name, String value) {

  @Override
  public String toString() {
    return "MetadataValue[name=" + name + "]";
  }
}
