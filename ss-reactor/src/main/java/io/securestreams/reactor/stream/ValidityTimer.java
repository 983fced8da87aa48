package io.securestreams.reactor.stream;

import io.securestreams.core.lifecycle.Validity;
import io.securestreams.reactor.spi.Link;
import org.jspecify.annotations.Nullable;

/** Keeps watch over one connection as {@link Validity} says; inside the stream's mailbox only. */
final class ValidityTimer {

  private final StreamShell stream;
  private final LinkSlot slot;
  private Validity validity;
  @Nullable private StreamTimer timer;

  ValidityTimer(StreamShell stream, LinkSlot slot, Validity validity) {
    this.stream = stream;
    this.slot = slot;
    this.validity = validity;
  }

  /** The connection is up. */
  void start() {
    perform(validity.up());
  }

  /** The peer proved to be there. */
  void proof() {
    perform(validity.proof());
  }

  /** Reading stopped for want of demand, so that no proof can arrive; or it goes on. */
  void reading(boolean goesOn) {
    if (validity.paused() == goesOn) {
      perform(goesOn ? validity.resume() : validity.pause());
    }
  }

  /** The connection is gone. */
  void cancel() {
    StreamTimer.cancel(timer);
    timer = null;
  }

  private void perform(Validity.Step step) {
    validity = step.next();
    for (Validity.Effect effect : step.effects()) {
      if (effect instanceof Validity.Effect.Arm arm) {
        cancel();
        timer = new StreamTimer(stream, arm.ms(), due -> perform(validity.due()));
      } else if (effect == Validity.Effect.Bare.DISARM) {
        cancel();
      } else if (effect == Validity.Effect.Bare.SEND_PING) {
        Link link = slot.link();
        if (link != null) {
          link.ping();
        }
      } else {
        stream.hangUp(slot, validity.hangupMs());
      }
    }
  }
}
