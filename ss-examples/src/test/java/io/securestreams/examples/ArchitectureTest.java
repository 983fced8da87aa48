package io.securestreams.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.securestreams.architecture.EveryModule;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@AnalyzeClasses(
    packages = "io.securestreams",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.OurSources.class})
class ArchitectureTest {

  @ArchTest static final ArchTests EVERY_MODULE = ArchTests.in(EveryModule.class);

  @ArchTest
  static final ArchRule ONLY_EXPORTED_PACKAGES_ARE_USED =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.securestreams.reactor..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "io.securestreams.reactor",
                              "io.securestreams.reactor.api",
                              "io.securestreams.reactor.spi",
                              "io.securestreams.reactor.retry",
                              "io.securestreams.reactor.transport.local"))))
          .allowEmptyShould(true)
          .because("an example shows what an application can do, and that can do no more");

  @ArchTest
  static final ArchRule EVERY_SUBSCRIPTION_HAS_ARGUMENTS =
      noClasses()
          .should()
          .callMethod(Flux.class, "subscribe")
          .orShould()
          .callMethod(Mono.class, "subscribe")
          .because("an error would be dropped, and examples are copied");

  @ArchTest
  static final ArchRule THE_TOOL_SAYS_WHAT_BECOMES_OF_ERRORS =
      noClasses()
          .that()
          .resideInAPackage("io.securestreams.tool")
          .should()
          .callMethod(Flux.class, "subscribe", Consumer.class)
          .orShould()
          .callMethod(Mono.class, "subscribe", Consumer.class)
          .because("what is dropped goes to the log, which nobody who uses a command reads");

  /** This module's own classes, without those that JMH generates. */
  static final class OurSources implements ImportOption {

    @Override
    public boolean includes(Location location) {
      return location.contains("/ss-examples/") && !location.contains("/jmh_generated/");
    }
  }
}
