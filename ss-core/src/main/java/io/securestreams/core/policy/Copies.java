package io.securestreams.core.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Unmodifiable copies that keep the order of the text. */
final class Copies {

  private Copies() {}

  /** The flags in the order of their enum. */
  static <E extends Enum<E>> Set<E> flags(Set<E> flags) {
    return flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
  }

  /** The entries in their order. */
  static <K, V> Map<K, V> ordered(Map<K, V> entries) {
    return entries.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }
}
