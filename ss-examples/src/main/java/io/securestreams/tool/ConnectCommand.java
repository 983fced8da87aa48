package io.securestreams.tool;

import io.securestreams.core.error.NearestName;
import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.event.StateEvent;
import io.securestreams.core.event.StreamEvent;
import io.securestreams.core.event.StreamState;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.Planner;
import io.securestreams.core.policy.StreamType;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import io.securestreams.reactor.api.SecureStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code sstream connect}: opens a client stream and prints its events. */
@Command(
    name = "connect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Opens a client stream and prints its events.",
    footer = {
      "",
      "Ends when the stream went idle after an acknowledgement or a close, or as --until and --for "
          + "say. Exits with 3 on ALL_RETRIES_FAILED and with 4 on QOS_NACK_REMOTE at once, unless "
          + "an --until names them.",
    })
final class ConnectCommand implements Callable<Integer> {

  private static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

  private final Terminal terminal;
  private final Supplier<SecureStreamsBuilder> builders;
  private final Stopwatch watch = new Stopwatch();

  @Parameters(index = "0", paramLabel = "FILE", description = "a policy file")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Parameters(index = "1", paramLabel = "TYPE", description = "a client stream type of it")
  @SuppressWarnings("NullAway.Init")
  private String type;

  @Option(
      names = "-m",
      paramLabel = "NAME=VALUE",
      description = "set a metadata value (repeatable)")
  private List<String> metadata = List.of();

  /** One message; a group, so that the order of the command line stays. */
  static final class Message {

    @Option(
        names = "--tx",
        required = true,
        paramLabel = "TEXT",
        description = "send a message; '-' takes it from standard input (repeatable)")
    @Nullable
    private String text;

    @Option(
        names = "--tx-file",
        required = true,
        paramLabel = "F",
        description = "send a file as one message (repeatable)")
    @Nullable
    private Path file;
  }

  @ArgGroup(exclusive = true, multiplicity = "0..*")
  private List<Message> messages = new ArrayList<>();

  @Option(names = "--no-connect", description = "wait instead of asking for a connection")
  private boolean noConnect;

  @Option(
      names = "--until",
      paramLabel = "STATE|eom|N",
      converter = Until.Converter.class,
      description =
          "stop after that state, after a whole message, or after N payload events; a number of "
              + "1000 or more is a user state (repeatable, the first one wins)")
  private List<Until> untils = List.of();

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = DurationText.class,
      description = "stop after this time, as 500ms, 30s, 1m30s (default: 30s)")
  private Optional<Duration> limit = Optional.empty();

  @Mixin private BlobOptions blobs = new BlobOptions();

  @Mixin private PolicyOptions policies = new PolicyOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  ConnectCommand(Terminal terminal, Supplier<SecureStreamsBuilder> builders) {
    this.terminal = terminal;
    this.builders = builders;
  }

  @Override
  public Integer call() {
    PolicyFile policy = policies.load(file, terminal);
    StreamType streamType = policy.client(type);
    List<Assignment> values = metadata.stream().map(text -> assignment(text, streamType)).toList();
    List<Payload> payloads = messages.stream().map(this::payload).toList();
    HappeningPrinter printer =
        output.printer(terminal, streamType, JsonPrinter.Numbering.NONE, stream -> "");
    Ending ending;
    int parts = Math.max(1, Planner.of(streamType, policy.database()::streamType).parts().size());
    if (payloads.size() % parts != 0) {
      throw new MistakeException(
          "a request of '"
              + type
              + "' has "
              + parts
              + " parts: give so many --tx or --tx-file, not "
              + payloads.size());
    }
    SystemBlobs store = blobs.load();
    try (SecureStreams streams =
        policies.use(policy, builders.get().blobs(store).fileEndpoints(true)).build()) {
      PolicyNews.of(streams, watch)
          .subscribe(
              printer::print,
              e -> terminal.diagnose("no more news of the policy: " + e.getMessage()));
      SecureStream stream = streams.open(type);
      values.forEach(value -> stream.metadata(value.name(), value.value()));
      ending =
          Interrupt.ending(
              streams::close, () -> run(stream, payloads, parts, printer).toFuture().join());
    }
    explain(ending);
    return ending.code();
  }

  /** So many messages make one request as it has parts. */
  private Mono<Ending> run(
      SecureStream stream, List<Payload> payloads, int parts, HappeningPrinter printer) {
    EndWatch end = new EndWatch(untils, payloads.size());
    Disposable.Swap sending = Disposables.swap();
    Flux<Happening> seen =
        stream
            .events()
            .doOnNext(event -> begin(stream, event, payloads, parts, sending))
            .map(event -> new Happening.Seen(watch.millis(), 0, event));
    return Flux.from(Timeline.of(seen, stream, 0, watch))
        .doOnNext(printer::print)
        .<Ending>handle((happening, sink) -> end.see(happening).ifPresent(sink::next))
        .next()
        .timeout(
            Mono.delay(limit.orElse(USUAL_LIMIT)),
            Mono.fromSupplier(
                () ->
                    end.timeIsUp(
                        limit.isPresent() ? EndWatch.Limit.ASKED_FOR : EndWatch.Limit.USUAL)))
        .defaultIfEmpty(Ending.REACHED)
        .doFinally(signal -> sending.dispose());
  }

  /** At CREATING, asks for what the command line wants. */
  private void begin(
      SecureStream stream,
      StreamEvent event,
      List<Payload> payloads,
      int parts,
      Disposable.Swap sending) {
    if (!(event instanceof StateEvent state) || state.state() != StreamState.CREATING) {
      return;
    }
    if (!payloads.isEmpty()) {
      sending.update(
          Flux.fromIterable(payloads)
              .buffer(parts)
              .concatMap(request -> stream.tx().send(request))
              .subscribe(sent -> {}, this::sendingFailed));
    } else if (!noConnect) {
      stream.connect();
    }
  }

  private void sendingFailed(Throwable failure) {
    if (!(failure instanceof StreamClosedException)) {
      terminal.diagnose(String.valueOf(failure.getMessage()));
    }
  }

  private void explain(Ending ending) {
    switch (ending) {
      case OUT_OF_TIME ->
          terminal.diagnose("time ran out after " + DurationText.format(limit.orElse(USUAL_LIMIT)));
      case RETRIES_FAILED -> terminal.diagnose("all retries of '" + type + "' failed");
      case REFUSED -> terminal.diagnose("the peer refused the transaction of '" + type + "'");
      case REACHED, MISTAKE, BUG -> {}
    }
  }

  /** A metadata value of the command line. */
  private record Assignment(String name, String value) {}

  private static Assignment assignment(String text, StreamType type) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new MistakeException("-m wants NAME=VALUE, got '" + text + "'");
    }
    String name = text.substring(0, equals);
    if (!type.declares(name)) {
      List<String> known = type.metadata().stream().map(MetadataDeclaration::name).toList();
      String hint = NearestName.hint(name, known);
      throw new MistakeException(
          "stream type '"
              + type.name()
              + "' declares no metadata '"
              + name
              + "'"
              + (hint.isEmpty() ? "; it has " + String.join(", ", known) : hint));
    }
    return new Assignment(name, text.substring(equals + 1));
  }

  private Payload payload(Message message) {
    Path source = message.file == null ? Path.of("-") : message.file;
    try {
      if (message.file != null) {
        return Payload.wrap(Files.readAllBytes(source));
      }
      String text = message.text == null ? "" : message.text;
      return text.equals("-") ? Payload.wrap(terminal.in().readAllBytes()) : Payload.utf8(text);
    } catch (IOException e) {
      throw new MistakeException(PolicyFile.unreadable(source, e));
    }
  }
}
