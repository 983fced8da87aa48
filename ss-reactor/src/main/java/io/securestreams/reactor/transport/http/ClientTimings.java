package io.securestreams.reactor.transport.http;

import io.securestreams.core.event.ConnectionTimings;
import io.securestreams.core.plan.HttpPlan;
import io.securestreams.core.plan.Trait;
import io.securestreams.reactor.spi.LinkSignal;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Takes the time of one transaction, and tells it if the plan asks for that. */
final class ClientTimings {

  private final boolean wanted;
  private final ClientOutlet outlet;

  private volatile ConnectionTimings connection = ConnectionTimings.NONE;
  private long sent;

  ClientTimings(HttpPlan plan, ClientOutlet outlet) {
    this.wanted = plan.traits().contains(Trait.PERF);
    this.outlet = outlet;
  }

  /** What making a connection for this transaction took. */
  void dialed(ConnectionTimings timings) {
    connection = timings;
  }

  /** The request goes out. */
  void begin() {
    if (wanted) {
      sent = System.nanoTime();
    }
  }

  /** The head of the answer is there, and nothing was told of it yet. */
  void answered(int status) {
    if (wanted) {
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sent);
      outlet.emit(new LinkSignal.Timed(connection.answered(micros, OptionalInt.of(status))));
    }
  }

  /** There will be no answer, which was not told yet. */
  void failed() {
    if (wanted) {
      outlet.emit(new LinkSignal.Timed(connection));
    }
  }
}
