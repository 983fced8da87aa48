package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.plan.Header;
import io.securestreams.core.plan.MetadataValue;
import io.securestreams.reactor.api.ReceivedMetadata;
import io.securestreams.reactor.api.SecureStream;
import io.securestreams.reactor.testing.EventLog;
import io.securestreams.reactor.testing.TestLink;
import io.securestreams.reactor.testing.TestStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a response set is unset when the next request begins, and nothing else is. */
class StreamReceivedMetadataTest {

  private static final String POLICY =
      """
      {"s":[{"get":{"endpoint":"h","port":80,"protocol":"h1","http_method":"GET","http_url":"x",
                    "metadata":[{"region":"x-region:","mine":"x-mine:"}],
                    "payload_fmt":"cbor","opportunistic":true}}]}
      """;

  @RegisterExtension
  final TestStreams context =
      TestStreams.scripted(
          builder -> builder.policy(POLICY).receivedMetadata(ReceivedMetadata.CLEARED));

  private final SecureStream stream = context.open("get").metadata("mine", "1");

  private TestLink next() {
    stream.connect();
    return context.link();
  }

  @Test
  void isReadableUntilTheNextRequestBegins() {
    EventLog.of(stream);
    next().up(0, new MetadataValue("region", "eu")).ack();
    assertThat(stream.metadata("region")).contains("eu");

    TestLink second = next();

    assertThat(stream.metadata("region")).isEmpty();
    assertThat(second.http().headers())
        .contains(new Header("x-mine", "1"))
        .noneMatch(header -> header.name().equals("x-region"));
  }

  @Test
  void staysIfTheApplicationSetItSince() {
    EventLog.of(stream);
    next().up(0, new MetadataValue("region", "eu")).ack();
    stream.metadata("region", "uk");

    assertThat(next().http().headers()).contains(new Header("x-region", "uk"));
  }

  @Test
  void payloadFormatIsTheLabelOfThePolicy() {
    assertThat(stream.payloadFormat()).contains("cbor");
    assertThat(context.open("unknown").payloadFormat()).isEmpty();
  }
}
