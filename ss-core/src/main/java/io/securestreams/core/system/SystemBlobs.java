package io.securestreams.core.system;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a device knows beside its policy, for all streams of a context: tokens, certificates,
 * identity.
 *
 * <p><b>Shape:</b> safe from any thread. A value is replaced as a whole: whoever reads sees the old
 * one or the new one. It is read for every request and every new connection, so a renewed token is
 * used by the next one. {@link #toString()} never shows a value.
 *
 * <p>Unlike in the reference, the slots of a kind do not overlap with the next kind.
 *
 * <p><b>Source:</b> {@code lws_system_blob}.
 */
public final class SystemBlobs {

  /** The last of the reference's indices. */
  private static final int LAST_INDEX = 18;

  private final Map<Key, Blob> blobs = new ConcurrentHashMap<>();

  private record Key(BlobKind kind, int slot) {}

  /** Creates a store without values. */
  public SystemBlobs() {}

  /**
   * Sets a value.
   *
   * @param kind what it is
   * @param slot which of the kind, from 0
   * @param value the bytes; none unset it
   * @throws IllegalArgumentException if the kind has no such slot
   */
  public SystemBlobs set(BlobKind kind, int slot, Blob value) {
    Objects.requireNonNull(value, "value");
    if (slot < 0 || slot >= kind.slots()) {
      throw new IllegalArgumentException(
          kind + " has no slot " + slot + "; the last is " + (kind.slots() - 1));
    }
    if (value.isEmpty()) {
      blobs.remove(new Key(kind, slot));
    } else {
      blobs.put(new Key(kind, slot), value);
    }
    return this;
  }

  /**
   * Sets the value in slot 0.
   *
   * @param kind what it is
   * @param value the bytes; none unset it
   */
  public SystemBlobs set(BlobKind kind, Blob value) {
    return set(kind, 0, value);
  }

  /**
   * Sets a value by the reference's numbering.
   *
   * @param index 0..18
   * @param value the bytes; none unset it
   * @throws IllegalArgumentException if the reference has no such index
   */
  public SystemBlobs set(int index, Blob value) {
    if (index < 0 || index > LAST_INDEX) {
      throw new IllegalArgumentException(
          "there is no blob " + index + "; indices are 0.." + LAST_INDEX);
    }
    if (index == 1) {
      return set(BlobKind.AUTH, 1, value);
    }
    BlobKind found = BlobKind.AUTH;
    for (BlobKind kind : BlobKind.values()) {
      if (kind.index() <= index) {
        found = kind;
      }
    }
    return set(found, index - found.index(), value);
  }

  /**
   * The value of a slot.
   *
   * @param kind what it is
   * @param slot which of the kind, from 0
   * @return empty bytes if it is not set
   */
  public Blob get(BlobKind kind, int slot) {
    return blobs.getOrDefault(new Key(kind, slot), Blob.empty());
  }

  @Override
  public String toString() {
    return "SystemBlobs[" + blobs.size() + " set]";
  }
}
