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

  /** This module's own classes, without those that JMH generates. */
  static final class OurSources implements ImportOption {

    @Override
    public boolean includes(Location location) {
      return location.contains("/ss-examples/") && !location.contains("/jmh_generated/");
    }
  }
}
