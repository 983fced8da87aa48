package io.securestreams.core.event;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * Immutable bytes of an application's message, owned by the heap.
 *
 * <p>{@link #toString()} tells the size and never the bytes. Equality is by content.
 */
public final class Payload {

  private static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A payload without bytes. */
  public static Payload empty() {
    return EMPTY;
  }

  /**
   * Copies the bytes.
   *
   * @param bytes any number of bytes
   */
  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
  }

  /**
   * Copies the remaining bytes of a buffer, whose position does not move.
   *
   * @param buffer any buffer
   */
  public static Payload of(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return wrap(copy);
  }

  /**
   * Takes the array over without a copy: the caller gives it up and must never write to it again.
   *
   * @param bytes any number of bytes
   */
  public static Payload wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes);
  }

  /**
   * Encodes text.
   *
   * @param text any text
   */
  public static Payload utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Fields as the body of a form ({@code application/x-www-form-urlencoded}): UTF-8, a space as
   * {@code +}. Source: {@code http_www_form_urlencoded}.
   *
   * @param fields names and values; they are sent in the order of the map
   */
  public static Payload form(Map<String, String> fields) {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return utf8(body.toString());
  }

  /** The number of bytes. */
  public int size() {
    return bytes.length;
  }

  /** True if there are no bytes. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes as text; malformed UTF-8 becomes U+FFFD. */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The bytes themselves, for who only looks at them. */
  byte[] array() {
    return bytes;
  }

  /** A read-only view of the bytes, without a copy. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /**
   * Copies the bytes into an array.
   *
   * @param target where to
   * @param offset index of the first byte in {@code target}
   * @throws IndexOutOfBoundsException if they do not fit
   */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  /**
   * Copies the bytes into a buffer, whose position moves behind them.
   *
   * @param target where to
   * @throws java.nio.BufferOverflowException if they do not fit
   */
  public void copyTo(ByteBuffer target) {
    target.put(bytes);
  }

  /**
   * A part of this payload.
   *
   * @param from index of the first byte
   * @param to index after the last byte
   * @throws IndexOutOfBoundsException if the range does not lie inside
   */
  public Payload slice(int from, int to) {
    Objects.checkFromToIndex(from, to, bytes.length);
    return from == 0 && to == bytes.length ? this : wrap(Arrays.copyOfRange(bytes, from, to));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Payload[" + bytes.length + " bytes]";
  }
}
