package io.securestreams.reactor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

  @Test
  void findsABufferThatNobodyReleased() {
    // Given
    new LeakCheck().beforeEach(null);
    leak();

    // When
    var found = LeakCheck.found();

    // Then
    assertThat(found).hasSize(1).first().asString().contains("LeakCheckTest.leak");
  }

  @Test
  void findsNothingInABufferThatWasReleased() {
    // Given
    new LeakCheck().beforeEach(null);
    ByteBufAllocator.DEFAULT.buffer(8).release();

    // When
    var found = LeakCheck.found();

    // Then
    assertThat(found).isEmpty();
  }

  private static void leak() {
    ByteBufAllocator.DEFAULT.buffer(8).writeByte(1);
  }
}
