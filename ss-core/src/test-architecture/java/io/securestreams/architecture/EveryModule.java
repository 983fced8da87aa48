package io.securestreams.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** The rules that hold for the main code of every module. */
public final class EveryModule {

  private static final String WORD_FOR_NOTHING =
      "(Util|Utils|Helper|Manager|Common|Misc|Processor)";

  /** Rule: a package says in one sentence what it is for, and what may be null. */
  @ArchTest
  public static final ArchRule PACKAGES_SAY_WHAT_THEY_ARE =
      classes()
          .should(liveInAPackageWithCaptionAndNullMark())
          .allowEmptyShould(true)
          .because("a room without a caption is a place to put anything");

  /** Rule: names that carry no meaning are not used. */
  @ArchTest
  public static final ArchRule TYPES_ARE_NAMED_FOR_WHAT_THEY_ARE =
      noClasses()
          .that(are(notATrustManager()))
          .should()
          .haveNameMatching(".*[.$](\\w*" + WORD_FOR_NOTHING + "|\\w+Impl|(Base|Default)[A-Z]\\w*)")
          .allowEmptyShould(true)
          .because("a function without a home names a missing type");

  /** Rule: packages, too. */
  @ArchTest
  public static final ArchRule PACKAGES_ARE_NAMED_FOR_WHAT_THEY_HOLD =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..", "..utils..", "..helper..", "..manager..", "..common..", "..misc..")
          .allowEmptyShould(true)
          .because("such a package has no reason not to hold the next thing, too");

  /** Rule: case is changed by a named locale. */
  @ArchTest
  public static final ArchRule CASE_CHANGES_NAME_A_LOCALE =
      noClasses()
          .should()
          .callMethod(String.class, "toLowerCase")
          .orShould()
          .callMethod(String.class, "toUpperCase")
          .allowEmptyShould(true)
          .because("in a Turkish locale 'TITLE' is not 'title': say Locale.ROOT");

  /** Rule: a record that holds a secret does not print it. */
  @ArchTest
  public static final ArchRule SECRETS_ARE_NOT_PRINTED =
      classes()
          .that()
          .areRecords()
          .should(writeTheirOwnToStringIfTheyHoldSecrets())
          .allowEmptyShould(true)
          .because("a record's own toString prints every component");

  private EveryModule() {}

  /** For libraries: they do not print. */
  public static ArchRule nothingIsPrinted() {
    return noClasses()
        .should(ACCESS_STANDARD_STREAMS)
        .allowEmptyShould(true)
        .because("a library logs or returns; the process's streams are the application's");
  }

  /** For tests: a parameterized test tells its cases apart. Give it test classes. */
  public static ArchRule parameterizedTestsAreNamed() {
    return methods()
        .that()
        .areAnnotatedWith("org.junit.jupiter.params.ParameterizedTest")
        .should(nameTheirCases())
        .allowEmptyShould(true)
        .because("'[17]' in a report does not say which case failed");
  }

  private static DescribedPredicate<JavaClass> notATrustManager() {
    // The JDK's own word for what these implement.
    return DescribedPredicate.not(
        assignableTo("javax.net.ssl.TrustManager").or(assignableTo("javax.net.ssl.KeyManager")));
  }

  private static ArchCondition<JavaClass> liveInAPackageWithCaptionAndNullMark() {
    return new ArchCondition<>("live in a package with a caption and @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(violation(type, "is not @NullMarked in its package-info"));
        }
        if (!hasCaption(type)) {
          events.add(violation(type, "has no caption in its package-info"));
        }
      }

      private ConditionEvent violation(JavaClass type, String what) {
        return SimpleConditionEvent.violated(
            type, "package " + type.getPackageName() + " of " + type.getSimpleName() + " " + what);
      }
    };
  }

  /** Comments are not in class files: this reads the source, from the module's folder. */
  private static boolean hasCaption(JavaClass type) {
    Path source =
        Path.of("src/main/java", type.getPackageName().replace('.', '/'), "package-info.java");
    try {
      return Files.exists(source) && Files.readString(source).startsWith("/** ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArchCondition<JavaClass> writeTheirOwnToStringIfTheyHoldSecrets() {
    return new ArchCondition<>("write their own toString if they hold secrets") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaField field : type.getFields()) {
          if (!field.getModifiers().contains(JavaModifier.STATIC)
              && isSecret(field.getRawType())
              && !writesItsOwnToString(type)) {
            events.add(
                SimpleConditionEvent.violated(
                    field, field.getFullName() + " is secret, and toString would print it"));
          }
        }
      }
    };
  }

  private static boolean isSecret(JavaClass type) {
    return type.getSimpleName().equals("SecretBytes")
        || type.isAssignableTo(Key.class)
        || type.isAssignableTo(KeyPair.class);
  }

  /** The methods that javac writes for a record all carry the line of the record's header. */
  private static boolean writesItsOwnToString(JavaClass type) {
    int written = line(type.getMethod("toString"));
    return type.getMethods().stream()
        .filter(method -> !method.getName().equals("toString"))
        .noneMatch(method -> line(method) == written);
  }

  private static int line(JavaMethod method) {
    return method.getSourceCodeLocation().getLineNumber();
  }

  private static ArchCondition<JavaMethod> nameTheirCases() {
    return new ArchCondition<>("name their cases") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Optional<Object> name =
            method.getAnnotationOfType("org.junit.jupiter.params.ParameterizedTest").get("name");
        if (name.filter(EveryModule::isChosen).isEmpty()) {
          events.add(
              SimpleConditionEvent.violated(
                  method, method.getFullName() + " has no name for its cases"));
        }
      }
    };
  }

  private static boolean isChosen(Object name) {
    return !name.equals("{default_display_name}") && !name.toString().isBlank();
  }
}
