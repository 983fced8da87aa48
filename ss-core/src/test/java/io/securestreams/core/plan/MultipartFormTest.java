package io.securestreams.core.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.policy.HttpSettings;
import io.securestreams.core.policy.StreamType;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {

  private static final Map<String, StreamType> TYPES =
      Map.of(
          "mp",
          TypeText.http("POST")
              .name("mp")
              .part("metadata", "", "application/json; charset=UTF-8", "rs2")
              .type(),
          "rs2",
          TypeText.http("POST")
              .name("rs2")
              .part("audio", "a.wav", "application/octet-stream", "")
              .type(),
          "lost",
          TypeText.http("POST").name("lost").part("a", "", "", "nowhere").type(),
          "plain",
          TypeText.http("POST").name("plain").type(),
          "rides",
          TypeText.http("POST").name("rides").part("a", "", "", "plain").type(),
          "ring",
          TypeText.http("POST").name("ring").part("a", "", "", "ring").type());

  @Test
  void isTheReferencesBytes() {
    MultipartForm form = new MultipartForm("QcQ27Bdb6ik7", planner("mp").parts());

    byte[] body = body(form, "HELLO", "AUDIO");

    assertThat(new String(body, UTF_8))
        .isEqualTo(
            """
            --QcQ27Bdb6ik7
            Content-Disposition: form-data; name="metadata"
            Content-Type: application/json; charset=UTF-8

            HELLO
            --QcQ27Bdb6ik7
            Content-Disposition: form-data; name="audio"; filename="a.wav"
            Content-Type: application/octet-stream

            AUDIO
            --QcQ27Bdb6ik7--
            """
                .replace("\n", "\r\n"));
    assertThat(body).hasSize(268);
    assertThat(form.length(10)).isEqualTo(268);
    assertThat(form.contentType()).isEqualTo("multipart/form-data; boundary=\"QcQ27Bdb6ik7\"");
  }

  @Test
  void ofOnePartIsTheReferencesBytes() {
    MultipartForm form = new MultipartForm("QcQ27Bdb6ik7", planner("rs2").parts());

    assertThat(body(form, "AUDIO")).hasSize(147);
    assertThat(form.length(5)).isEqualTo(147);
  }

  @Test
  void keepsNamesInsideTheirQuotes() {
    FormPart part = new FormPart("t", "a\"b", Optional.of("c\r\nd: e\"\u00e4"), Optional.empty());
    MultipartForm form = new MultipartForm("boundary1234", List.of(part));

    assertThat(new String(form.opening(0), UTF_8))
        .isEqualTo(
            "--boundary1234\r\nContent-Disposition: form-data;"
                + " name=\"a%22b\"; filename=\"c%0D%0Ad: e%22\u00e4\"\r\n\r\n");
  }

  @Test
  void hasABoundaryOfItsOwn() {
    Random random = new Random(1);
    List<FormPart> parts = planner("mp").parts();

    List<String> boundaries =
        random
            .ints(100)
            .mapToObj(any -> MultipartForm.of(parts, random).boundary())
            .distinct()
            .toList();

    assertThat(boundaries).hasSize(100).allMatch(text -> text.matches("[A-Za-z0-9]{12}"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"short", "with blank 12", "qu\"te1234567", "plus+slash/12"})
  void refusesBoundariesThatAPeerCouldMisread(String boundary) {
    List<FormPart> parts = planner("mp").parts();

    assertThatIllegalArgumentException().isThrownBy(() -> new MultipartForm(boundary, parts));
  }

  @Test
  void namesTheStreamTypeOfEachPart() {
    assertThat(planner("mp").parts()).extracting(FormPart::streamType).containsExactly("mp", "rs2");
    assertThat(planner("plain").parts()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"lost", "rides", "ring"})
  void cannotBeMadeOfABrokenChain(String name) {
    Planner planner = planner(name);

    LinkException failure =
        catchThrowableOfType(LinkException.class, () -> planner.client(AttemptRequest.EMPTY));

    assertThat(failure.kind()).isEqualTo(FailureKind.POLICY);
    assertThat(failure).hasMessageContainingAll("\"" + name + "\"", "rideshare");
  }

  @Test
  void isAnnouncedWithItsWholeLength() {
    MultipartForm form = new MultipartForm("QcQ27Bdb6ik7", planner("mp").parts());

    HttpPlan plan = plan(planner("mp"), Map.of(), form, OptionalLong.of(form.length(10)));

    assertThat(plan.body()).isEqualTo(BodyPlan.ofLength(268));
    assertThat(plan.headers()).contains(new Header("content-type", form.contentType()));
  }

  @Test
  void decidesTheContentTypeItself() {
    Planner planner =
        Planner.of(
            TypeText.http("POST").part("a", "", "", "").declare("type", "content-type").type());
    MultipartForm form = new MultipartForm("QcQ27Bdb6ik7", planner.parts());

    LinkException failure =
        catchThrowableOfType(
            LinkException.class,
            () -> plan(planner, Map.of("type", "text/plain"), form, OptionalLong.empty()));

    assertThat(failure.kind()).isEqualTo(FailureKind.PLAN);
    assertThat(failure).hasMessageContainingAll("content-type", "unset");
  }

  @Test
  void formsHaveExactlyOneContentType() {
    TypeText type =
        TypeText.http("POST")
            .flag(HttpSettings.Flag.FORM_URLENCODED)
            .declare("type", "content-type");

    assertThat(contentTypes(type, Map.of())).containsExactly("application/x-www-form-urlencoded");
    assertThat(contentTypes(type, Map.of("type", "text/x-form"))).containsExactly("text/x-form");
  }

  private static List<String> contentTypes(TypeText type, Map<String, String> metadata) {
    AttemptRequest request =
        new AttemptRequest(metadata, AttemptRequest.Body.PRESENT, OptionalLong.of(7));
    HttpPlan plan = (HttpPlan) Planner.client(type.type(), request);
    assertThat(plan.body()).isEqualTo(BodyPlan.ofLength(7));
    return plan.headers().stream()
        .filter(header -> header.name().equals("content-type"))
        .map(Header::value)
        .toList();
  }

  private static Planner planner(String name) {
    return Planner.of(
        Optional.ofNullable(TYPES.get(name)).orElseThrow(),
        other -> Optional.ofNullable(TYPES.get(other)));
  }

  private static HttpPlan plan(
      Planner planner, Map<String, String> metadata, MultipartForm form, OptionalLong length) {
    return (HttpPlan)
        planner.client(
            new AttemptRequest(metadata, AttemptRequest.Body.PRESENT, length).inParts(form));
  }

  private static byte[] body(MultipartForm form, String... payloads) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < payloads.length; i++) {
      body.writeBytes(form.opening(i));
      body.writeBytes(payloads[i].getBytes(UTF_8));
    }
    body.writeBytes(form.closing());
    return body.toByteArray();
  }
}
