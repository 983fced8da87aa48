package io.securestreams.core.error;

/** A metadata name that the stream type does not declare, or a template that cannot be filled. */
public final class MetadataException extends SecureStreamsException {

  private static final long serialVersionUID = 1L;

  private final String name;

  /**
   * Creates the exception.
   *
   * @param name the metadata name at fault
   * @param message one sentence naming stream type, name and way out
   */
  public MetadataException(String name, String message) {
    super(message, null);
    this.name = name;
  }

  /** The metadata name at fault. */
  public String name() {
    return name;
  }
}
