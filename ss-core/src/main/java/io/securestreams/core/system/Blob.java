package io.securestreams.core.system;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Some bytes of a {@link SystemBlobs}, immutable. {@link #toString()} never shows them: they may be
 * a secret.
 */
public final class Blob {

  private static final Blob EMPTY = new Blob(new byte[0]);

  private final byte[] bytes;

  private Blob(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Copies bytes.
   *
   * @param bytes any, possibly none
   */
  public static Blob of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Blob(bytes.clone());
  }

  /**
   * A text as UTF-8.
   *
   * @param text any, possibly empty
   */
  public static Blob utf8(String text) {
    return text.isEmpty() ? EMPTY : new Blob(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The blob without bytes. */
  public static Blob empty() {
    return EMPTY;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes as text; what is not UTF-8 is replaced. */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** How many bytes there are. */
  public int size() {
    return bytes.length;
  }

  /** True if there are none. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blob blob && Arrays.equals(bytes, blob.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Blob[" + bytes.length + " bytes]";
  }
}
