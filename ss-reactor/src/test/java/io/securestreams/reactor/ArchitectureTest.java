package io.securestreams.reactor;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.securestreams.architecture.EveryModule;
import io.securestreams.architecture.Rooms;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.IpAttributes;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.TrustStore;
import io.securestreams.core.policy.WsSettings;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Schedulers;

@AnalyzeClasses(
    packages = "io.securestreams.reactor",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** What plans are made of: sections of the policy that hold no names. */
  private static final Class<?>[] VALUES_IN_PLANS = {
    Protocol.class,
    WsSettings.class,
    HttpSettings.class,
    TrustStore.class,
    CertificateEntry.class,
    SocksProxy.class,
    IpAttributes.class
  };

  private static final Rooms ROOMS =
      Rooms.under("io.securestreams.reactor")
          .exported("", "core..", "reactor..")
          .exported("api", "core.event", "core.metadata", "core.policy", "core.error")
          .exported("spi", "core.plan", "core.event", "core.error")
          .exported("retry", "core.retry", "core.policy")
          .internal("stream", "core..", "reactor.api", "reactor.spi", "reactor.retry")
          .internal("system", "core..", "reactor.api")
          .internal("netty", "core..", "reactor.spi")
          .internal("transport.http", "core..", "reactor.spi", "reactor.netty")
          .internal(
              "transport.http.h2",
              "core..",
              "reactor.spi",
              "reactor.netty",
              "reactor.transport.http",
              "reactor.transport.http.server")
          .internal(
              "transport.http.h3",
              "core..",
              "reactor.spi",
              "reactor.netty",
              "reactor.transport.http",
              "reactor.transport.http.server",
              "reactor.transport.server")
          .internal("transport.server", "core..", "reactor.spi", "reactor.netty")
          .internal(
              "transport.http.server",
              "core..",
              "reactor.spi",
              "reactor.netty",
              "reactor.transport.http",
              "reactor.transport.server")
          .internal(
              "transport.ws",
              "core..",
              "reactor.spi",
              "reactor.netty",
              "reactor.transport.http",
              "reactor.transport.http.server")
          .internal(
              "transport.raw", "core..", "reactor.spi", "reactor.netty", "reactor.transport.server")
          .internal("transport.file", "core..", "reactor.spi")
          .internal(
              "transport",
              "core..",
              "reactor.spi",
              "reactor.netty",
              "reactor.transport.http",
              "reactor.transport.http.h2",
              "reactor.transport.http.h3",
              "reactor.transport.http.server",
              "reactor.transport.server",
              "reactor.transport.ws",
              "reactor.transport.raw",
              "reactor.transport.file")
          .exported("transport.local", "core..", "reactor.spi");

  @ArchTest static final ArchTests EVERY_MODULE = ArchTests.in(EveryModule.class);

  @ArchTest static final ArchRule NOTHING_IS_PRINTED = EveryModule.nothingIsPrinted();

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
  static final ArchRule STREAMS_READ_NO_POLICY_TEXT_AND_NO_CERTIFICATE =
      noClasses()
          .that()
          .resideInAPackage("..reactor.stream")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.securestreams.core.policy.json", "io.securestreams.core.trust")
          .allowEmptyShould(true)
          .because("a stream is given a database that is loaded, and never sees a handshake");

  @ArchTest
  static final ArchRule TRANSPORTS_DO_NOT_KNOW_THE_POLICY =
      noClasses()
          .that()
          .resideInAnyPackage("..reactor.transport..", "..reactor.netty")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.securestreams.core.policy..")
                  .and(not(belongToAnyOf(VALUES_IN_PLANS))))
          .allowEmptyShould(true)
          .because("a plan has no names left to look up; it carries values of the policy, at most");

  @ArchTest
  static final ArchRule TRANSPORTS_DECIDE_NOTHING =
      noClasses()
          .that()
          .resideInAnyPackage("..reactor.transport..", "..reactor.netty")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.securestreams.core.lifecycle..", "io.securestreams.core.retry..")
          .allowEmptyShould(true)
          .because("a transport says what happened; states and retries are the stream's");

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
