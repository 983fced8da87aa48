package io.securestreams.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.securestreams.architecture.EveryModule;
import io.securestreams.architecture.Rooms;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

@AnalyzeClasses(
    packages = "io.securestreams.core",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final Rooms ROOMS =
      Rooms.under("io.securestreams.core")
          .exported("error")
          .exported("event", "core.error")
          .exported("event.json", "core.event")
          .exported("multipart", "core.event")
          .exported("metadata", "core.error")
          .exported("policy", "core.metadata", "core.error")
          .exported("policy.json", "core.policy", "core.metadata", "core.trust", "core.error")
          .exported("retry", "core.policy")
          .exported("trust", "core.policy", "core.error")
          .exported("generate", "core.policy", "core.metadata", "core.trust", "core.error")
          .exported("system")
          .exported(
              "plan", "core.policy", "core.metadata", "core.trust", "core.system", "core.error")
          .exported("lifecycle", "core.event", "core.policy", "core.retry", "core.error");

  @ArchTest static final ArchTests EVERY_MODULE = ArchTests.in(EveryModule.class);

  @ArchTest static final ArchRule NOTHING_IS_PRINTED = EveryModule.nothingIsPrinted();

  @ArchTest static final ArchRule ROOMS_KEEP_TO_THE_TABLE = ROOMS.seeOnlyTheirNeighbours();

  @ArchTest static final ArchRule ROOMS_ARE_FREE_OF_CYCLES = ROOMS.areFreeOfCycles();

  @ArchTest
  static final ArchRule CORE_KNOWS_NO_NETWORK_AND_NO_LOG =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "reactor..",
              "org.reactivestreams..",
              "io.netty..",
              "org.slf4j..",
              "io.micrometer..",
              "java.net.http..",
              "java.nio.channels..",
              "javax.net..")
          .allowEmptyShould(true)
          .because("everything here is decided without a network; what happened is returned");

  @ArchTest
  static final ArchRule JACKSON_STAYS_IN_JSON_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..json")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
          .allowEmptyShould(true)
          .because("the policy is a set of records; JSON is one way to write it down");

  @ArchTest
  static final ArchRule BOUNCY_CASTLE_STAYS_IN_TRUST =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.securestreams.core.trust")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle..")
          .allowEmptyShould(true)
          .because("the encodings of certificates and keys are one room's business");

  @ArchTest
  static final ArchRule TIME_AND_CHANCE_ARE_ARGUMENTS =
      noClasses()
          .should()
          .callMethodWhere(describe("reads a clock", ArchitectureTest::readsAClock))
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat(anyOf(Random.class, SecureRandom.class, ThreadLocalRandom.class))
          .allowEmptyShould(true)
          .because("a decision that reads neither can be tested on every cell of its table");

  @ArchTest
  static final ArchRule CORE_HAS_NO_THREADS =
      noClasses()
          .should()
          .dependOnClassesThat(anyOf(Thread.class, Timer.class, Executors.class))
          .allowEmptyShould(true)
          .because("when something happens is decided by the caller");

  private static boolean readsAClock(JavaCall<?> call) {
    String owner = call.getTargetOwner().getName();
    String name = call.getName();
    if (owner.equals("java.lang.System")) {
      return name.equals("nanoTime") || name.equals("currentTimeMillis");
    }
    if (owner.equals("java.time.Clock")) {
      return name.startsWith("system") || name.startsWith("tick");
    }
    return owner.startsWith("java.time.")
        && name.equals("now")
        && call.getTarget().getRawParameterTypes().stream()
            .noneMatch(parameter -> parameter.isEquivalentTo(Clock.class));
  }

  private static DescribedPredicate<JavaClass> anyOf(Class<?>... types) {
    return JavaClass.Predicates.belongToAnyOf(types);
  }
}
