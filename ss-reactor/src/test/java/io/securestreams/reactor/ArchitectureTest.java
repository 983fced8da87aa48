package io.securestreams.reactor;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.securestreams.architecture.EveryModule;
import io.securestreams.architecture.Rooms;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Schedulers;

@AnalyzeClasses(
    packages = "io.securestreams.reactor",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] PLAN_EVENT_ERROR = {"core.plan", "core.event", "core.error"};

  private static final Rooms ROOMS =
      Rooms.under("io.securestreams.reactor")
          .exported("", "core..", "reactor..")
          .exported("api", "core.event", "core.metadata", "core.error")
          .exported("spi", PLAN_EVENT_ERROR)
          .exported("retry", "core.retry", "core.policy")
          .internal("stream", "core..", "reactor.api", "reactor.spi", "reactor.retry")
          .internal("netty", "core..", "reactor.spi")
          .internal("transport.http", "core..", "reactor.spi", "reactor.netty")
          .internal(
              "transport.ws", "core..", "reactor.spi", "reactor.netty", "reactor.transport.http")
          .internal("transport.local", "core..", "reactor.spi");

  @ArchTest static final ArchTests EVERY_MODULE = ArchTests.in(EveryModule.class);

  @ArchTest static final ArchRule ROOMS_KEEP_TO_THE_TABLE = ROOMS.seeOnlyTheirNeighbours();

  @ArchTest static final ArchRule ROOMS_ARE_FREE_OF_CYCLES = ROOMS.areFreeOfCycles();

  @ArchTest static final ArchRule INTERNAL_ROOMS_HIDE_THEIR_TYPES = ROOMS.hideWhatNobodyElseNeeds();

  @ArchTest
  static final ArchRule STREAMS_KNOW_NO_SOCKET =
      noClasses()
          .that()
          .resideInAnyPackage("..reactor.stream", "..reactor.api", "..reactor.spi")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.securestreams.reactor.transport..",
              "io.securestreams.reactor.netty..",
              "reactor.netty..",
              "io.netty..")
          .allowEmptyShould(true)
          .because("a stream runs over any link, also over one without a socket");

  @ArchTest
  static final ArchRule TRANSPORTS_DO_NOT_KNOW_THE_POLICY =
      noClasses()
          .that()
          .resideInAPackage("..reactor.transport..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.securestreams.core.policy..")
          .allowEmptyShould(true)
          .because("a plan has no names left to look up, and a transport decides nothing");

  @ArchTest
  static final ArchRule NOTHING_BLOCKS =
      noClasses()
          .should()
          .callMethodWhere(describe("blocks", ArchitectureTest::blocks))
          .allowEmptyShould(true)
          .because("the threads here belong to every stream");

  @ArchTest
  static final ArchRule EVERY_SUBSCRIBER_TAKES_THE_ERROR =
      noClasses()
          .should()
          .callMethodWhere(
              describe("subscribes without a subscriber", ArchitectureTest::dropsErrors))
          .allowEmptyShould(true)
          .because("an error that nobody takes ends in a hook, not in a state");

  @ArchTest
  static final ArchRule SCHEDULERS_ARE_CHOSEN_AT_THE_FRONT_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.securestreams.reactor")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Schedulers.class)
          .allowEmptyShould(true)
          .because("virtual time replaces one scheduler, which is passed on from there");

  private static boolean blocks(JavaCall<?> call) {
    return call.getTargetOwner().isAssignableTo(Publisher.class)
        && call.getName().matches("block\\w*|toIterable|toStream");
  }

  private static boolean dropsErrors(JavaCall<?> call) {
    return call.getTargetOwner().isAssignableTo(Publisher.class)
        && call.getName().equals("subscribe")
        && call.getTarget().getRawParameterTypes().isEmpty();
  }
}
