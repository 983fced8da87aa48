package io.securestreams.reactor.stream;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Equal texts as one object, as far as that costs nothing: a thousand streams that wait because one
 * peer is away remember the same sentence about it. Bounded; safe from any thread.
 */
final class SharedTexts {

  /** A power of two. */
  private static final int SLOTS = 64;

  private final AtomicReferenceArray<@Nullable String> slots = new AtomicReferenceArray<>(SLOTS);

  /** An equal text, which may be the given one. */
  String share(String text) {
    int slot = text.hashCode() & (SLOTS - 1);
    String known = slots.get(slot);
    if (text.equals(known)) {
      return known;
    }
    slots.set(slot, text);
    return text;
  }
}
