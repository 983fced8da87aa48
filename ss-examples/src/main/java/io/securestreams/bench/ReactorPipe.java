package io.securestreams.bench;

import reactor.core.Disposable;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Messages through a queue of Reactor's to a thread of its own. */
final class ReactorPipe extends EchoLine {

  private final Scheduler worker = Schedulers.newSingle("pipe");
  private final Sinks.Many<byte[]> sends = Sinks.many().unicast().onBackpressureBuffer();
  private final Disposable receiver;
  private final byte[] message;

  ReactorPipe(byte[] message) {
    super(message.length);
    this.message = message;
    receiver = sends.asFlux().publishOn(worker).subscribe(bytes -> received(bytes.length));
  }

  @Override
  void begin(Runnable sends) {
    worker.schedule(sends);
  }

  @Override
  void send() {
    sends.tryEmitNext(message).orThrow();
  }

  @Override
  public void close() {
    receiver.dispose();
    worker.dispose();
  }
}
