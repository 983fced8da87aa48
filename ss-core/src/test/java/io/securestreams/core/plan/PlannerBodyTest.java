package io.securestreams.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.plan.AttemptRequest.Body;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlannerBodyTest {

  private static final String PLAN = "fails";

  @ParameterizedTest(name = "[{index}] {0}, {1}, length {2}, metadata {3}: {4}")
  @CsvSource(
      nullValues = "-",
      value = {
        "POST,    ABSENT,  -, -,   NONE",
        "POST,    ABSENT,  -, 0,   NONE",
        "POST,    ABSENT,  -, 7,   LENGTH 7",
        "POST,    PRESENT, 5, -,   LENGTH 5",
        "POST,    PRESENT, 0, -,   LENGTH 0",
        "POST,    PRESENT, -, -,   CHUNKED",
        "POST,    PRESENT, -, 7,   LENGTH 7",
        "POST,    PRESENT, 7, 7,   LENGTH 7",
        "POST,    PRESENT, 5, 7,   fails",
        "POST,    PRESENT, -, x,   fails",
        "POST,    PRESENT, -, '',  fails",
        "POST,    PRESENT, -, -1,  fails",
        "POST,    PRESENT, -, 9223372036854775808, fails",
        "PUT,     PRESENT, 5, -,   LENGTH 5",
        "PATCH,   PRESENT, -, -,   CHUNKED",
        "DELETE,  PRESENT, 5, -,   LENGTH 5",
        "DELETE,  PRESENT, -, 7,   LENGTH 7",
        "DELETE,  PRESENT, -, -,   fails",
        "DELETE,  ABSENT,  -, 7,   NONE",
        "OPTIONS, PRESENT, 5, -,   LENGTH 5",
        "GET,     ABSENT,  -, -,   NONE",
        "GET,     ABSENT,  -, 7,   NONE",
        "GET,     PRESENT, 5, -,   fails",
        "GET,     PRESENT, -, 7,   fails",
        "HEAD,    PRESENT, 5, -,   fails",
        "CONNECT, PRESENT, 5, -,   fails",
        "TRACE,   PRESENT, 5, -,   fails",
      })
  void framesTheBody(String method, Body body, Long length, String metadata, String expected) {
    TypeText type = TypeText.http(method).declare("len", "content-length");

    assertThat(framing(type, body, length, metadata)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "[{index}] {0}, {1}, length {2}: {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "POST,   PRESENT, 5, CHUNKED",
        "POST,   PRESENT, -, CHUNKED",
        "POST,   ABSENT,  -, NONE",
        "DELETE, PRESENT, 5, CHUNKED",
        "DELETE, PRESENT, -, fails",
      })
  void announcesNoLengthIfThePolicySaysSo(String method, Body body, Long length, String expected) {
    TypeText type = TypeText.http(method).noContentLength();

    assertThat(framing(type, body, length, null)).isEqualTo(expected);
  }

  @Test
  void sendsContentLengthOnlyOnce() {
    TypeText type = TypeText.http("POST").declare("len", "content-length");

    RequestPlan plan =
        (RequestPlan)
            Planner.client(
                type.type(),
                new AttemptRequest(Map.of("len", "7"), Body.PRESENT, OptionalLong.empty()));

    assertThat(plan.headers()).extracting(Header::name).doesNotContain("content-length");
  }

  @Test
  void tellsTheWayOutOfABodyForGet() {
    LinkException failure =
        catchThrowableOfType(
            LinkException.class,
            () ->
                Planner.client(
                    TypeText.http("GET").type(),
                    new AttemptRequest(Map.of(), Body.PRESENT, OptionalLong.of(1))));

    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure)
        .hasMessageContainingAll("\"demo\"", "GET cannot have a body", "POST, PUT or PATCH");
  }

  private static String framing(TypeText type, Body body, Long length, String metadata) {
    AttemptRequest request =
        new AttemptRequest(
            metadata == null ? Map.of() : Map.of("len", metadata),
            body,
            length == null ? OptionalLong.empty() : OptionalLong.of(length));
    try {
      BodyPlan plan = ((HttpPlan) Planner.client(type.type(), request)).body();
      return plan.kind() == BodyPlan.Kind.LENGTH ? "LENGTH " + plan.length() : plan.kind().name();
    } catch (LinkException e) {
      assertThat(e.kind()).isEqualTo(FailureKind.PLAN);
      return PLAN;
    }
  }
}
