package io.securestreams.core.generate;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Methods of the generated class that its expressions call. */
enum Support {
  /** Bytes from base64. */
  DER("der"),
  /** One list from several. */
  JOINED("joined"),
  /** A map that keeps its order. */
  MAP("map");

  private final String method;

  Support(String method) {
    this.method = method;
  }

  /** What a call begins with. */
  String method() {
    return method;
  }

  /** The method's source. */
  String source(TypeNames types) {
    String list = types.name(List.class);
    String text =
        switch (this) {
          case DER ->
              """

                private static byte[] der(String base64) {
                  return %s.getDecoder().decode(base64);
                }
              """
                  .formatted(types.name(Base64.class));
          case JOINED ->
              """

                @SafeVarargs
                private static <T> %1$s<T> joined(%1$s<T>... parts) {
                  %1$s<T> whole = new %2$s<>();
                  for (%1$s<T> part : parts) {
                    whole.addAll(part);
                  }
                  return whole;
                }
              """
                  .formatted(list, types.name(ArrayList.class));
          case MAP ->
              """

                private static <K, V> %2$s<K, V> map(%1$s<K> keys, %1$s<V> values) {
                  %2$s<K, V> map = new %3$s<>();
                  for (int i = 0; i < keys.size(); i++) {
                    map.put(keys.get(i), values.get(i));
                  }
                  return map;
                }
              """
                  .formatted(list, types.name(Map.class), types.name(LinkedHashMap.class));
        };
    return text;
  }
}
