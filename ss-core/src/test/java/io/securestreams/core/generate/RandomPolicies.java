package io.securestreams.core.generate;

import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.RetryScheme;
import io.securestreams.core.policy.TrustStore;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Databases that nobody would write: every component of every record has some value. */
final class RandomPolicies {

  private static final String NASTY =
      "\"\\\n\r\t\b\f\0\1'%${}#*/@u0022\u007F\u0085\u00E9\u2028\uD83D\uDE00\uD800 azAZ09_";

  private final Random random;
  private final Map<Class<?>, List<Object>> defined = new LinkedHashMap<>();

  RandomPolicies(long seed) {
    random = new Random(seed);
  }

  PolicyDatabase next() {
    defined.clear();
    return (PolicyDatabase) value(PolicyDatabase.class);
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      return container((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      return text();
    } else if (raw == int.class || raw == Integer.class) {
      return random.nextInt() >> random.nextInt(32);
    } else if (raw == long.class || raw == Long.class) {
      return random.nextLong() >> random.nextInt(64);
    } else if (raw == boolean.class) {
      return random.nextBoolean();
    } else if (raw == OptionalInt.class) {
      return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt());
    } else if (raw == OptionalLong.class) {
      return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong());
    } else if (raw == Template.class) {
      return Template.parse(text().replace("${", "${n}"));
    } else if (raw.isEnum()) {
      return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
    }
    List<Object> known = defined.getOrDefault(raw, List.of());
    boolean shared = Set.of(RetryScheme.class, TrustStore.class).contains(raw);
    return shared && !known.isEmpty() ? known.get(random.nextInt(known.size())) : made(raw);
  }

  private Object made(Class<?> type) {
    if (type == CertificateEntry.class) {
      byte[] der = new byte[random.nextInt(300)];
      random.nextBytes(der);
      return new CertificateEntry(text(), der);
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = Arrays.stream(components).map(c -> value(c.getGenericType())).toArray();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private Object container(Class<?> raw, Type[] arguments) {
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.empty() : Optional.of(value(arguments[0]));
    }
    List<Object> elements = new ArrayList<>();
    int size = random.nextInt(20) == 0 ? 95 + random.nextInt(30) : random.nextInt(4);
    for (int i = 0; i < size; i++) {
      elements.add(value(arguments[arguments.length - 1]));
    }
    if (raw == List.class) {
      return elements;
    } else if (raw == Set.class) {
      return new LinkedHashSet<>(elements);
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    Supplier<Object> keys = () -> value(arguments[0]);
    elements.forEach(element -> map.put(keys.get(), element));
    if (arguments[1] instanceof Class<?> type) {
      defined.put(type, List.copyOf(map.values()));
    }
    return map;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30) == 0 ? random.nextInt(3000) : random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append(NASTY.charAt(random.nextInt(NASTY.length())));
    }
    return text.toString();
  }
}
