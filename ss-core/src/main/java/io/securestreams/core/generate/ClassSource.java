package io.securestreams.core.generate;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The source of one class with a constant that is equal to a record. What the record's own maps
 * define by name becomes a constant of a nested class each, and is built once.
 */
final class ClassSource {

  private final TypeNames types = new TypeNames();
  private final List<Holders> sections = new ArrayList<>();
  private final Holders parts;
  private final ValueWriter values;

  private ClassSource(String className) {
    types.declare(className);
    parts = new Holders("Parts", types);
    values = new ValueWriter(types, parts);
  }

  /**
   * The source.
   *
   * @param root what the class gives
   * @param header comment and package
   * @param javadoc of the class
   * @param className a valid one
   * @param accessor the method that gives the root
   */
  static String of(Record root, String header, String javadoc, String className, String accessor) {
    ClassSource source = new ClassSource(className);
    String type = source.types.name(root.getClass());
    source.define(root);
    String field = "  private static final " + type + " VALUE =";
    String creation = source.values.write(root, root.getClass()).laidOut(6, 6, 1);
    StringBuilder members = new StringBuilder();
    source.values.used().forEach(support -> members.append(support.source(source.types)));
    source.sections.forEach(section -> members.append(section.source()));
    members.append(source.parts.source());
    return header
        + source.types.imports()
        + "\n"
        + javadoc
        + "public final class "
        + className
        + " {\n\n"
        + field
        + "\n      "
        + creation
        + ";\n\n"
        + "  private "
        + className
        + "() {}\n\n"
        + "  /** The policy: always the same object. */\n"
        + "  public static "
        + type
        + " "
        + accessor
        + "() {\n"
        + "    return VALUE;\n"
        + "  }\n"
        + members
        + "}\n";
  }

  /** Makes constants of the values of the record's maps, in the order of the components. */
  private void define(Record root) {
    for (RecordComponent component : root.getClass().getRecordComponents()) {
      if (ValueWriter.component(root, component) instanceof Map<?, ?> map
          && component.getGenericType() instanceof ParameterizedType generic
          && generic.getActualTypeArguments()[1] instanceof Class<?> type
          && !type.getName().startsWith("java.")) {
        Holders section = new Holders(JavaNames.type(component.getName()), types);
        sections.add(section);
        map.forEach((name, value) -> values.define(value, constant(section, name, value, type)));
      }
    }
  }

  private Code constant(Holders section, Object name, Object value, Type type) {
    String constant = JavaNames.constant(name.toString());
    return section.constant(constant, types.name(type), values.write(value, type));
  }
}
