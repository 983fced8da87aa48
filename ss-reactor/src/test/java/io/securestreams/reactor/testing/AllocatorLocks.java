package io.securestreams.reactor.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Netty's allocator take its own short lock on an event loop, when threads meet there while it
 * grows. It is not ours to change, and shows up on busy machines only.
 */
public final class AllocatorLocks implements BlockHoundIntegration {

  private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator$";

  @Override
  public void applyTo(BlockHound.Builder builder) {
    builder
        .allowBlockingCallsInside(ALLOCATOR + "Magazine", "free")
        .allowBlockingCallsInside(ALLOCATOR + "MagazineGroup", "tryExpandMagazines");
  }
}
