package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.AuthSettings;
import io.securestreams.core.policy.HttpSettings;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectRulesTest {

  private static HttpPlan plan(TypeText type, Map<String, String> metadata) {
    boolean body = !type.type().http().method().orElse("").matches("GET|HEAD");
    return (HttpPlan)
        Planner.client(
            type.flag(HttpSettings.Flag.ALLOW_REDIRECTS).url("a/b?c").type(),
            new AttemptRequest(
                metadata,
                body ? AttemptRequest.Body.PRESENT : AttemptRequest.Body.ABSENT,
                body ? OptionalLong.of(5) : OptionalLong.empty()));
  }

  private static HttpPlan next(HttpPlan plan, int status, String location) {
    return plan.rules().redirects().orElseThrow().next(plan, status, Optional.of(location));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://other.test/x?y#z, other.test:80, /x?y",
    "HTTP://other.test, other.test:80, /",
    "http://other.test:81?q, other.test:81, /?q",
    "http://[::1]:81/x, [::1]:81, /x",
    "//other.test/x, other.test:80, /x",
    "/x/y, example.test:8080, /x/y",
    "x, example.test:8080, /a/x",
    "../x, example.test:8080, /x",
    "?q, example.test:8080, /a/b?q",
    "/a|b{c}, example.test:8080, /a%7Cb%7Bc%7D",
    "https://example.test/x, example.test:443, /x",
  })
  void leadsTo(String location, String target, String path) {
    HttpPlan next = next(plan(TypeText.http("GET"), Map.of()), 302, location);

    assertThat(next.target()).hasToString(target);
    assertThat(next.path()).isEqualTo(path);
    assertThat(next.target().tls().isPresent()).isEqualTo(location.startsWith("https"));
    assertThat(next.headers())
        .extracting(Header::name, Header::value)
        .contains(
            tuple(
                "origin",
                (location.startsWith("https") ? "https://" : "http://")
                    + next.target().authority()));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "POST, 301, GET, NONE",
    "POST, 302, GET, NONE",
    "PUT, 303, GET, NONE",
    "POST, 307, POST, LENGTH",
    "PUT, 308, PUT, LENGTH",
    "GET, 307, GET, NONE",
    "HEAD, 303, HEAD, NONE",
  })
  void asksWith(String method, int status, String nextMethod, BodyPlan.Kind body) {
    TypeText type = TypeText.http(method).declare("kind", "content-type");

    HttpPlan next = next(plan(type, Map.of("kind", "text/plain")), status, "/x");

    assertThat(next.method()).isEqualTo(nextMethod);
    assertThat(next.body().kind()).isEqualTo(body);
    boolean says = next.headers().stream().anyMatch(h -> h.name().equals("content-type"));
    assertThat(says).isEqualTo(nextMethod.equals(method));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/x, true",
    "http://EXAMPLE.test:8080/x, true",
    "http://example.test:8081/x, false",
    "http://other.test:8080/x, false",
    "https://example.test/x, false",
  })
  void showsCredentialsToTheirOwnHostOnly(String location, boolean shown) {
    TypeText type =
        TypeText.http("GET")
            .token("x-token", "", AuthSettings.Token.PLAIN)
            .declare("auth", "authorization")
            .declare("item", "x-item");

    HttpPlan next = next(plan(type, Map.of("auth", "a", "item", "i")), 302, location);

    assertThat(next.headers())
        .extracting(Header::name)
        .contains("x-item")
        .filteredOn(name -> name.equals("authorization") || name.equals("x-token"))
        .hasSize(shown ? 2 : 0);
  }

  @Test
  void keepsCredentialsOnTheStepToHttpsOfTheSameHost() {
    TypeText type = TypeText.http("GET").port(80).declare("auth", "authorization");

    HttpPlan next = next(plan(type, Map.of("auth", "a")), 301, "https://example.test/x");

    assertThat(next.headers()).extracting(Header::name).contains("authorization");
  }

  @Test
  void trustsThePolicysAuthoritiesWhereItLeadsToTls() {
    HttpPlan plan = plan(TypeText.http("GET").tls(), Map.of());

    HttpPlan next = next(plan, 302, "https://other.test/");

    assertThat(next.target().tls().orElseThrow().trustStore()).contains(TypeText.STORE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://example.test/, https to http",
    "ftp://example.test/, ftp",
    "https://u:p@example.test/, user name",
    "https:///x, no",
    "https://exa mple/, no URL",
    "mailto:x, no",
  })
  void isRefused(String location, String why) {
    HttpPlan plan = plan(TypeText.http("GET").tls(), Map.of());

    LinkException failure =
        catchThrowableOfType(LinkException.class, () -> next(plan, 302, location));

    assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
    assertThat(failure).hasMessageContaining(why);
  }

  @Test
  void isRefusedWithoutLocation() {
    HttpPlan plan = plan(TypeText.http("GET"), Map.of());
    RedirectRules rules = plan.rules().redirects().orElseThrow();

    assertThat(
            catchThrowableOfType(
                LinkException.class, () -> rules.next(plan, 302, Optional.empty())))
        .hasMessageContaining("location");
  }

  @Test
  void isNotFollowedUnlessThePolicyAllowsIt() {
    HttpPlan plan = (HttpPlan) Planner.client(TypeText.http("GET").type(), AttemptRequest.EMPTY);

    assertThat(plan.rules().redirects()).isEmpty();
  }
}
