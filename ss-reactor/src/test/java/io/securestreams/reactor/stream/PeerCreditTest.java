package io.securestreams.reactor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.securestreams.reactor.spi.Link;
import io.securestreams.reactor.spi.LinkClose;
import io.securestreams.reactor.spi.TxPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the application says about the peer's credit, with and without a link. */
final class PeerCreditTest {

  private final PeerCredit credit = new PeerCredit();
  private final Counted link = new Counted();

  @Test
  void grantsNothingWithoutALink() {
    credit.add(5);
    assertThat(credit.estimate()).isZero();
    credit.begun(link);
    assertThat(link.asked).as("automatic credit").isEmpty();
    credit.ended();
    credit.add(5);
    assertThat(link.asked).isEmpty();
    assertThat(credit.estimate()).isZero();
  }

  @Test
  void beginsEveryLinkWithTheInitialCredit() {
    credit.manual(100);
    credit.begun(link);
    credit.add(7);
    credit.add(0);
    credit.add(-3);
    assertThat(credit.estimate()).isEqualTo(42);
    Counted next = new Counted();
    credit.ended();
    credit.begun(next);
    assertThat(link.asked).containsExactly("manual 100", "add 7");
    assertThat(next.asked).containsExactly("manual 100");
  }

  @Test
  void refusesToBeginWithoutCredit() {
    assertThatThrownBy(() -> credit.manual(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 byte or more");
  }

  /** A link that knows credit in bytes. */
  private static final class Counted implements Link {

    private final List<String> asked = new ArrayList<>();

    @Override
    public void manualTxCredit(long bytes) {
      asked.add("manual " + bytes);
    }

    @Override
    public void addPeerTxCredit(long bytes) {
      asked.add("add " + bytes);
    }

    @Override
    public long estimatedPeerTxCredit() {
      return 42;
    }

    @Override
    public void start() {}

    @Override
    public void request(long frames) {}

    @Override
    public void send(TxPiece piece) {}

    @Override
    public void ping() {}

    @Override
    public void close(LinkClose how) {}

    @Override
    public Optional<String> peer() {
      return Optional.empty();
    }
  }
}
