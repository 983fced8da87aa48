package io.securestreams.core.error;

/** A stream was used after its destruction, or what it had accepted was given back by it. */
public final class StreamClosedException extends SecureStreamsException {

  private static final long serialVersionUID = 1L;

  private final String streamType;

  /**
   * Creates the exception.
   *
   * @param streamType the stream type of the stream
   * @param message one sentence
   */
  public StreamClosedException(String streamType, String message) {
    super(message, null);
    this.streamType = streamType;
  }

  /** The stream type of the stream. */
  public String streamType() {
    return streamType;
  }
}
