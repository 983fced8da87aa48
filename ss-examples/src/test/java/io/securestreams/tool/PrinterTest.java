package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.event.MessageFlags;
import io.securestreams.core.event.MetadataEvent;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.PayloadEvent;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.reactor.api.Disturbance;
import io.securestreams.reactor.api.PolicyEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PrinterTest {

  private static final Predicate<String> SECRET = Set.of("auth")::contains;
  private static final StateEvent UNREACHABLE =
      StateEvent.of(StreamState.UNREACHABLE)
          .withOrdinal(1)
          .withFailure(
              new StateEvent.Failure(
                  FailureKind.DNS, 1, true, Duration.ofMillis(1130), "no such name: nowhere.test"));

  private final Captured captured = new Captured();

  @Test
  void statesAreLinesOfJson() {
    json(412, StateEvent.of(StreamState.CONNECTED));
    json(413, UNREACHABLE);
    json(414, StateEvent.user(1530));

    assertThat(captured.out())
        .isEqualTo(
            """
            {"t":0.412,"event":"state","state":"CONNECTED","code":5,"ordinal":0}
            {"t":0.413,"event":"state","state":"UNREACHABLE","code":3,"ordinal":1,"failure":"DNS",\
            "attempt":1,"concealed":true,"nextDelayMs":1130}
            {"t":0.414,"event":"state","state":"1530","code":1530,"ordinal":0}
            """);
  }

  @Test
  void aPolicyThatIsInForceTellsWhomItDisturbed() {
    PolicyEvent event =
        new PolicyEvent.Swapped(
            "p.json", List.of(), List.of(new Disturbance("feed", SwapEffect.MOVED, 2)));
    new JsonPrinter(captured.terminal().out(), JsonPrinter.Numbering.NONE, SECRET)
        .print(new Happening.Policy(1, event));
    human().print(new Happening.Policy(1, event));
    human().print(new Happening.Policy(2, new PolicyEvent.Swapped("p.json", List.of(), List.of())));

    assertThat(captured.out())
        .isEqualTo(
            """
            {"t":0.001,"event":"policy","source":"p.json","change":"swapped",\
            "disturbed":[{"streamType":"feed","effect":"MOVED","streams":2}]}
               0.001  policy in force: p.json, 'feed' MOVED (2 streams)
               0.002  policy in force: p.json, nobody disturbed
            """);
  }

  @Test
  void aPolicyThatWasRefusedTellsWhy() {
    PolicyEvent event = new PolicyEvent.Rejected("p.json", List.of(), "because");
    new JsonPrinter(captured.terminal().out(), JsonPrinter.Numbering.NONE, SECRET)
        .print(new Happening.Policy(1, event));
    human().print(new Happening.Policy(1, event));
    new QuietPrinter(captured.terminal().out()).print(new Happening.Policy(1, event));

    assertThat(captured.out())
        .isEqualTo(
            """
            {"t":0.001,"event":"policy","source":"p.json","change":"rejected","reason":"because"}
               0.001  policy refused, the one before stays in force: because
            """);
  }

  private HumanPrinter human() {
    return new HumanPrinter(captured.terminal().out(), Palette.PLAIN, stream -> "", SECRET);
  }

  @Test
  void payloadIsTextOrElseBase64() {
    json(421, new PayloadEvent(Payload.utf8("hello"), MessageFlags.SOM_EOM));
    json(12_000, new PayloadEvent(Payload.of(new byte[] {(byte) 0xff, 0}), MessageFlags.NONE));

    assertThat(captured.out())
        .isEqualTo(
            """
            {"t":0.421,"event":"rx","len":5,"som":true,"eom":true,"text":"hello"}
            {"t":12.000,"event":"rx","len":2,"som":false,"eom":false,"base64":"/wA="}
            """);
  }

  @Test
  void metadataIsShownUnlessItIsACredential() {
    json(420, new MetadataEvent("mime", "text/html"));
    json(420, new MetadataEvent("auth", "Bearer 123"));

    assertThat(captured.out())
        .isEqualTo(
            """
            {"t":0.420,"event":"metadata","name":"mime","value":"text/html"}
            {"t":0.420,"event":"metadata","name":"auth","value":"***"}
            """);
  }

  @Test
  void sentMessagesAreLinesOfJson() {
    new JsonPrinter(captured.terminal().out(), JsonPrinter.Numbering.NONE, SECRET)
        .print(new Happening.Sent(431, 0, 0, 5));

    assertThat(captured.out())
        .isEqualTo("{\"t\":0.431,\"event\":\"tx\",\"ordinal\":0,\"len\":5}\n");
  }

  @Test
  void linesOfAServerTellTheStream() {
    new JsonPrinter(captured.terminal().out(), JsonPrinter.Numbering.STREAMS, SECRET)
        .print(new Happening.Seen(1, 2, StateEvent.of(StreamState.CREATING)));

    assertThat(captured.out())
        .isEqualTo(
            "{\"t\":0.001,\"stream\":2,\"event\":\"state\",\"state\":\"CREATING\",\"code\":1,"
                + "\"ordinal\":0}\n");
  }

  @Test
  void peopleReadWhyItFailedAndWhatComesNext() {
    human(UNREACHABLE);

    assertThat(captured.out())
        .isEqualTo(
            "   0.413  UNREACHABLE(1)  DNS: no such name: nowhere.test; failure 1 of the series, "
                + "next attempt in 1.13 s\n");
  }

  @Test
  void whatAPeerSendsCannotSteerTheTerminal() {
    human(new PayloadEvent(Payload.utf8("\u001b[2J\n\u202ehi"), MessageFlags.SOM_EOM));
    human(new MetadataEvent("mime", "a\u001b]0;x\u0007"));

    assertThat(captured.out())
        .contains("\"\\u{1b}[2J\\n\\u{202e}hi\"")
        .contains("\"a\\u{1b}]0;x\\u{7}\"")
        .doesNotContain("\u001b");
  }

  @Test
  void longPayloadIsCutForPeople() {
    human(new PayloadEvent(Payload.utf8("x".repeat(5000)), MessageFlags.SOM));

    assertThat(captured.out()).contains("5000 bytes").hasSizeLessThan(300);
  }

  @Test
  void coloursAddNothingToTheWords() {
    new HumanPrinter(captured.terminal().out(), Palette.COLOURS, stream -> "", SECRET)
        .print(new Happening.Seen(413, 0, StateEvent.of(StreamState.CONNECTED)));

    assertThat(captured.out().replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo("   0.413  CONNECTED\n");
  }

  @Test
  void quietGivesTheBytesAndNothingElse() {
    QuietPrinter quiet = new QuietPrinter(captured.terminal().out());

    quiet.print(new Happening.Seen(1, 0, StateEvent.of(StreamState.CONNECTED)));
    quiet.print(new Happening.Seen(1, 0, new PayloadEvent(Payload.utf8("hel"), MessageFlags.SOM)));
    quiet.print(new Happening.Seen(2, 0, new PayloadEvent(Payload.utf8("lo"), MessageFlags.EOM)));
    quiet.print(new Happening.Sent(3, 0, 0, 5));

    assertThat(captured.out()).isEqualTo("hello");
  }

  private void json(long millis, StreamEvent event) {
    new JsonPrinter(captured.terminal().out(), JsonPrinter.Numbering.NONE, SECRET)
        .print(new Happening.Seen(millis, 0, event));
  }

  private void human(StreamEvent event) {
    new HumanPrinter(captured.terminal().out(), Palette.PLAIN, stream -> "", SECRET)
        .print(new Happening.Seen(413, 0, event));
  }
}
