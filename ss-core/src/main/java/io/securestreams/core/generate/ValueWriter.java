package io.securestreams.core.generate;

import io.securestreams.core.error.BugException;
import io.securestreams.core.metadata.Template;
import io.securestreams.core.policy.CertificateEntry;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Values as expressions that make equal ones: records by their components, whatever they are, and
 * the few other types that they are made of.
 */
final class ValueWriter {

  /** So many elements stand in one expression; more would not fit into one method for certain. */
  private static final int LONGEST_LIST = 100;

  private final TypeNames types;
  private final Holders parts;
  private final Map<Object, Code> definitions = new HashMap<>();
  private final Set<Support> used = EnumSet.noneOf(Support.class);

  /**
   * Knows no definitions yet.
   *
   * @param types of the file
   * @param parts where long lists are built piece by piece
   */
  ValueWriter(TypeNames types, Holders parts) {
    this.types = types;
    this.parts = parts;
  }

  /** From now on the value is referred to by that expression. */
  void define(Object value, Code reference) {
    definitions.put(value, reference);
  }

  /** The methods that the expressions written so far call. */
  Set<Support> used() {
    return used;
  }

  private String use(Support support) {
    used.add(support);
    return support.method();
  }

  /**
   * A value as an expression.
   *
   * @param value what the expression gives
   * @param type as declared
   */
  Code write(Object value, Type type) {
    Code definition = definitions.get(value);
    if (definition != null) {
      return definition;
    }
    if (value instanceof String text) {
      return Literals.string(text);
    }
    if (value instanceof Integer || value instanceof Boolean) {
      return new Code.Atom(value.toString());
    }
    if (value instanceof Long number) {
      return new Code.Atom(number + "L");
    }
    if (value instanceof Enum<?> constant) {
      return new Code.Atom(types.name(constant.getDeclaringClass()) + "." + constant.name());
    }
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      return writeCollection(value, type);
    }
    return value instanceof Record fields ? writeRecord(fields) : writeOther(value, type);
  }

  private Code writeOther(Object value, Type type) {
    if (value instanceof Optional<?> optional) {
      return optional
          .map(
              present ->
                  Code.call(types.name(Optional.class) + ".of", write(present, argument(type, 0))))
          .orElseGet(() -> Code.call(types.name(Optional.class) + ".empty"));
    }
    if (value instanceof OptionalInt number) {
      return number.isPresent()
          ? Code.call(types.name(OptionalInt.class) + ".of", write(number.getAsInt(), int.class))
          : Code.call(types.name(OptionalInt.class) + ".empty");
    }
    if (value instanceof OptionalLong number) {
      return number.isPresent()
          ? Code.call(types.name(OptionalLong.class) + ".of", write(number.getAsLong(), long.class))
          : Code.call(types.name(OptionalLong.class) + ".empty");
    }
    if (value instanceof Template template) {
      return Code.call(types.name(Template.class) + ".parse", Literals.string(template.text()));
    }
    if (value instanceof CertificateEntry entry) {
      String base64 = Base64.getEncoder().encodeToString(entry.der());
      return Code.call(
          "new " + types.name(CertificateEntry.class),
          Literals.string(entry.name()),
          Code.call(use(Support.DER), Literals.string(base64)));
    }
    throw new BugException("cannot write " + value.getClass().getName() + " as Java source");
  }

  private Code writeRecord(Record value) {
    Class<?> type = value.getClass();
    Optional<Code> constant = constant(value, type);
    if (constant.isPresent()) {
      return constant.get();
    }
    List<Code> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.add(write(component(value, component), component.getGenericType()));
    }
    return Code.call("new " + types.name(type), components);
  }

  /** The component of a record. */
  static Object component(Record value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException notPublic) {
      throw new BugException("cannot read " + component + " of " + value.getClass(), notPublic);
    }
  }

  /** The constant of the record's own class that is equal to it, such as one for nothing set. */
  private Optional<Code> constant(Record value, Class<?> type) {
    for (Field field : type.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == type) {
        try {
          if (value.equals(field.get(null))) {
            return Optional.of(new Code.Atom(types.name(type) + "." + field.getName()));
          }
        } catch (IllegalAccessException notPublic) {
          throw new BugException("cannot read " + field, notPublic);
        }
      }
    }
    return Optional.empty();
  }

  private Code writeCollection(Object value, Type type) {
    if (value instanceof Map<?, ?> map) {
      List<?> keys = ordered(map.keySet(), map.getClass());
      return writeMap(keys, keys.stream().map(map::get).toList(), type);
    }
    if (value instanceof List<?> list) {
      return writeList(list, argument(type, 0));
    }
    if (value instanceof Set<?> set) {
      return writeSet(ordered(set, set.getClass()), argument(type, 0));
    }
    throw new BugException("cannot write " + value.getClass().getName() + " as Java source");
  }

  /**
   * The elements in their order, or sorted if they have none that lasts: that of {@link Set#copyOf}
   * and {@link Map#copyOf} is another one in every process.
   */
  private static List<?> ordered(Set<?> elements, Class<?> collection) {
    boolean kept = !collection.getName().startsWith("java.util.ImmutableCollections");
    Stream<?> stream = elements.stream();
    return (kept ? stream : stream.sorted()).toList();
  }

  private Code writeSet(List<?> elements, Type element) {
    if (elements.isEmpty()) {
      return Code.call(types.name(Set.class) + ".of");
    }
    if (elements.get(0) instanceof Enum<?>) {
      return Code.call(
          types.name(EnumSet.class) + ".of",
          elements.stream().map(constant -> write(constant, element)).toList());
    }
    return Code.call("new " + types.name(LinkedHashSet.class) + "<>", writeList(elements, element));
  }

  private Code writeMap(List<?> keys, List<?> values, Type type) {
    if (keys.size() < 2) {
      List<Code> only = new ArrayList<>();
      keys.forEach(key -> only.add(write(key, argument(type, 0))));
      values.forEach(value -> only.add(write(value, argument(type, 1))));
      return Code.call(types.name(Map.class) + ".of", only);
    }
    return Code.call(
        use(Support.MAP), writeList(keys, argument(type, 0)), writeList(values, argument(type, 1)));
  }

  private Code writeList(List<?> elements, Type element) {
    String head = types.name(List.class) + ".of";
    List<Code> written = elements.stream().map(each -> write(each, element)).toList();
    if (written.size() <= LONGEST_LIST) {
      return Code.call(head, written);
    }
    String part = types.name(List.class) + "<" + types.name(element) + ">";
    List<Code> calls = new ArrayList<>();
    for (int from = 0; from < written.size(); from += LONGEST_LIST) {
      int to = Math.min(written.size(), from + LONGEST_LIST);
      calls.add(parts.part(part, Code.call(head, written.subList(from, to))));
    }
    return Code.call(use(Support.JOINED), calls);
  }

  private static Type argument(Type type, int index) {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[index];
    }
    throw new BugException("not a generic type: " + type);
  }
}
