package io.securestreams.core.generate;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What simple names of types mean in one source file: those that it declares, and its imports. */
final class TypeNames {

  /** To the outermost class that is meant; nothing stands for a class of the file itself. */
  private final Map<String, String> meanings = new TreeMap<>();

  /** A name for a class of the file: that one, or it with a number. */
  String declare(String wanted) {
    String name = wanted;
    for (int number = 2; meanings.putIfAbsent(name, "") != null; number++) {
      name = wanted + number;
    }
    return name;
  }

  /** The name of a type with its arguments; simple, if nothing else is called so. */
  String name(Type type) {
    if (type instanceof ParameterizedType generic) {
      return name(generic.getRawType())
          + Arrays.stream(generic.getActualTypeArguments())
              .map(this::name)
              .collect(Collectors.joining(", ", "<", ">"));
    }
    Class<?> named = (Class<?>) type;
    Class<?> outermost = named;
    while (outermost.getEnclosingClass() != null) {
      outermost = outermost.getEnclosingClass();
    }
    String full = outermost.getName();
    String simple = outermost.getSimpleName();
    String meaning = meanings.putIfAbsent(simple, full);
    boolean unambiguous = meaning == null || meaning.equals(full);
    String canonical = named.getCanonicalName();
    return unambiguous ? canonical.substring(full.length() - simple.length()) : canonical;
  }

  /** The import declarations, sorted. */
  String imports() {
    return meanings.values().stream()
        .filter(type -> !type.isEmpty() && !type.startsWith("java.lang."))
        .sorted()
        .map(type -> "import " + type + ";\n")
        .collect(Collectors.joining());
  }
}
