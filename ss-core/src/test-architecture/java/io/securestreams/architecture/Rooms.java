package io.securestreams.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rooms of one module: every room is one package, named relative to the base package, with the
 * packages of this project that it may see. The base package itself is the room {@code ""}.
 */
public final class Rooms {

  private static final String PROJECT = "io.securestreams.";

  private final String base;
  private final Map<String, Set<String>> neighbours = new LinkedHashMap<>();
  private final Set<String> exported = new LinkedHashSet<>();

  private Rooms(String base) {
    this.base = base;
  }

  /**
   * An empty table.
   *
   * @param base the module's base package
   */
  public static Rooms under(String base) {
    return new Rooms(base);
  }

  /**
   * Adds a room that is exported.
   *
   * @param room the room's name
   * @param sees packages it may see, without {@code io.securestreams.}; {@code core..} is that
   *     package and all below
   */
  public Rooms exported(String room, String... sees) {
    exported.add(room);
    return internal(room, sees);
  }

  /**
   * Adds a room that only other rooms of the module use.
   *
   * @param room the room's name
   * @param sees packages it may see, as for an exported room
   */
  public Rooms internal(String room, String... sees) {
    neighbours.put(room, Set.copyOf(List.of(sees)));
    return this;
  }

  /** Every room sees only the rooms in its row, and every package has a row. */
  public ArchRule seeOnlyTheirNeighbours() {
    return classes()
        .should(seeOnlyNeighbours())
        .allowEmptyShould(true)
        .because("data flows one way: a dependency that turns back needs a new row and a reason");
  }

  /** No room reaches itself through others. */
  public ArchRule areFreeOfCycles() {
    return slices()
        .matching(base + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .because("rooms that need each other are one room");
  }

  /**
   * In rooms that are not exported, only what another room needs is public: what it names, and what
   * it may be given behind an interface of an exported room.
   */
  public ArchRule hideWhatNobodyElseNeeds() {
    return classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .should(bePartOfAnExportOrUsedElsewhere())
        .allowEmptyShould(true)
        .because("package-private is the default; public is for a second room");
  }

  private ArchCondition<JavaClass> seeOnlyNeighbours() {
    return new ArchCondition<>("see only the rooms in their row") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String room = roomOf(type);
        Set<String> sees = neighbours.get(room);
        if (sees == null) {
          events.add(
              SimpleConditionEvent.violated(type, "room '" + room + "' has no row in Rooms"));
          return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          String seen = target.getPackageName();
          if (seen.startsWith(PROJECT)
              && !seen.equals(type.getPackageName())
              && sees.stream().noneMatch(allowed -> matches(allowed, seen))) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private ArchCondition<JavaClass> bePartOfAnExportOrUsedElsewhere() {
    return new ArchCondition<>("be in an exported room or be used by another room") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean needed =
            exported.contains(roomOf(type))
                || type.getAllRawInterfaces().stream().anyMatch(Rooms.this::isExported)
                || type.getDirectDependenciesToSelf().stream()
                    .map(dependency -> dependency.getOriginClass().getPackageName())
                    .anyMatch(origin -> !origin.equals(type.getPackageName()));
        if (!needed) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is public, but only its own room uses it"));
        }
      }
    };
  }

  private boolean isExported(JavaClass type) {
    return type.getPackageName().startsWith(base) && exported.contains(roomOf(type));
  }

  private String roomOf(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(base) ? "" : name.substring(base.length() + 1);
  }

  private static boolean matches(String allowed, String seen) {
    if (allowed.endsWith("..")) {
      String stem = PROJECT + allowed.substring(0, allowed.length() - 2);
      return seen.equals(stem) || seen.startsWith(stem + ".");
    }
    return seen.equals(PROJECT + allowed);
  }
}
