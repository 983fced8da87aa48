package io.securestreams.reactor.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What Netty does on an event loop although it may block for a moment, and that is not ours to
 * change: its allocator takes a short lock when threads meet while it grows, which shows up on busy
 * machines only; QUIC draws random connection ids.
 */
public final class NettyBlocking implements BlockHoundIntegration {

  private static final String QUIC = "io.netty.handler.codec.quic.";
  private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator$";

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder
        .allowBlockingCallsInside(ALLOCATOR + "Magazine", "free")
        .allowBlockingCallsInside(ALLOCATOR + "MagazineGroup", "tryExpandMagazines")
        .allowBlockingCallsInside(QUIC + "QuicCodecBuilder", "build")
        .allowBlockingCallsInside(QUIC + "SecureRandomQuicConnectionIdGenerator", "newId")
        .allowBlockingCallsInside(QUIC + "HmacSignQuicConnectionIdGenerator", "newId");
  }
}
