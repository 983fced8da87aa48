package io.securestreams.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.RetryScheme;
import java.io.StringReader;
import java.util.List;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class RetryTableTest {

  private static final RetryScheme SCHEME =
      new RetryScheme("default", List.of(1000L, 2000L, 3000L, 5000L, 10000L), 5, 20, 0, 0);

  @Test
  void showsTheRangeOfEveryWaitAndWhereConcealmentEnds() {
    RetryTable table = RetryTable.of(SCHEME, 6, new SplittableRandom(7));

    assertThat(table.rows())
        .extracting(RetryTable.Row::minMs)
        .containsExactly(1000L, 2000L, 3000L, 5000L, 10000L, 10000L);
    assertThat(table.rows())
        .extracting(RetryTable.Row::maxMs)
        .containsExactly(1199L, 2399L, 3599L, 5999L, 11999L, 11999L);
    assertThat(table.rows())
        .extracting(RetryTable.Row::retry)
        .containsExactly(true, true, true, true, true, false);
    assertThat(table.rows())
        .allSatisfy(row -> assertThat(row.drawnMs()).isBetween(row.minMs(), row.maxMs()));
  }

  @Test
  void theSameSeedDrawsTheSame() {
    assertThat(RetryTable.of(SCHEME, 6, new SplittableRandom(7)))
        .isEqualTo(RetryTable.of(SCHEME, 6, new SplittableRandom(7)));
  }

  @Test
  void usuallyShowsTheWholeScheme() {
    assertThat(RetryTable.usualAttempts(SCHEME)).isEqualTo(6);
    RetryScheme forever = new RetryScheme("f", List.of(1L, 2L), RetryScheme.FOREVER, 0, 0, 0);
    assertThat(RetryTable.usualAttempts(forever)).isEqualTo(4);
    assertThat(RetryTable.of(forever, 4, new SplittableRandom(1)).lines(forever, Palette.PLAIN))
        .hasSize(7)
        .last()
        .asString()
        .contains("never gives up");
  }

  @Test
  void thePlotIsXmlWithARowForEveryRetry() throws Exception {
    Spread spread = Spread.of(SCHEME, 1000, 6, new SplittableRandom(7));

    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(SpreadPlot.svg(spread))));

    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("When 1000 clients come back", "retry 1", "retry 5", "'default'")
        .doesNotContain("retry 6");
  }

  @Test
  void theLoadCountsEveryAttemptOnce() {
    Spread spread = Spread.of(SCHEME, 1000, 6, new SplittableRandom(7));

    int sum = 0;
    for (int count : Spread.histogram(spread.retries().get(4), 100, 400)) {
      sum += count;
    }

    assertThat(sum).isEqualTo(1000);
  }

  @Test
  void aSchemeWithoutRetriesIsDrawnToo() {
    RetryScheme none = new RetryScheme("<none> & \"co\"", List.of(), 0, 0, 0, 0);

    assertThat(SpreadPlot.svg(Spread.of(none, 1000, 1, new SplittableRandom(1))))
        .contains("makes no retry")
        .contains("&lt;none&gt; &amp;");
  }

  @Test
  void waitsOfZeroAreDrawnToo() {
    RetryScheme zero = new RetryScheme("zero", List.of(0L), 3, 1, 0, 0);

    assertThat(SpreadPlot.svg(Spread.of(zero, 10, 4, new SplittableRandom(1)))).contains("retry 3");
  }
}
