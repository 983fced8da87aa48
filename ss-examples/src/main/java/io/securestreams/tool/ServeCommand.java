package io.securestreams.tool;

import io.securestreams.core.error.StreamClosedException;
import io.securestreams.core.event.Payload;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.StreamType;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.SecureStreamsBuilder;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code sstream serve}: runs a server stream type and prints what its clients do. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs a server stream type and prints the events of its listener and clients.",
    footer = {
      "",
      "Without --echo, --reply and --nack every request is answered with an empty 200. Runs until "
          + "it is interrupted, or as long as --for says.",
    })
final class ServeCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<SecureStreamsBuilder> builders;
  private final Stopwatch watch = new Stopwatch();
  private final AtomicReference<@Nullable SocketAddress> told = new AtomicReference<>();

  @Parameters(index = "0", paramLabel = "FILE", description = "a policy file")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Parameters(index = "1", paramLabel = "TYPE", description = "a server stream type of it")
  @SuppressWarnings("NullAway.Init")
  private String type;

  /** Where answers come from; at most one. */
  static final class Source {

    @Option(names = "--echo", description = "send back what was received; over http with 200")
    private boolean echo;

    @Option(names = "--reply", paramLabel = "TEXT", description = "answer with this text")
    private Optional<String> reply = Optional.empty();

    @Option(names = "--reply-file", paramLabel = "F", description = "answer with this file")
    private Optional<Path> replyFile = Optional.empty();
  }

  @ArgGroup(exclusive = true)
  private Source source = new Source();

  @Option(names = "--mime", paramLabel = "M", description = "content type of http answers")
  private Optional<String> mime = Optional.empty();

  @Option(names = "--nack", description = "refuse: http answers 403, other connections are closed")
  private boolean nack;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = DurationText.class,
      description = "stop after this time, as 500ms, 30s, 1m30s")
  private Optional<Duration> limit = Optional.empty();

  @Mixin private PolicyOptions policies = new PolicyOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  ServeCommand(Terminal terminal, Supplier<SecureStreamsBuilder> builders) {
    this.terminal = terminal;
    this.builders = builders;
  }

  @Override
  public Integer call() {
    PolicyFile policy = policies.load(file, terminal);
    StreamType streamType = policy.server(type);
    Answers answers = answers(streamType);
    HappeningPrinter printer =
        output.printer(terminal, streamType, JsonPrinter.Numbering.STREAMS, this::label);
    try (SecureStreams streams = policies.use(policy, builders.get()).build()) {
      StreamServer server = streams.serve(type);
      PolicyNews.of(streams, watch)
          .doOnNext(printer::print)
          .concatMap(changed -> server.address())
          .subscribe(this::tellAddress, toldByTheListener -> {});
      return Interrupt.ending(
          streams::close, () -> run(server, answers, printer).toFuture().join().code());
    }
  }

  private Mono<Ending> run(StreamServer server, Answers answers, HappeningPrinter printer) {
    AtomicInteger count = new AtomicInteger();
    Flux<Happening> listener =
        server.states().map(state -> new Happening.Seen(watch.millis(), 0, state));
    Flux<Happening> clients =
        server
            .accepted()
            .flatMap(stream -> events(stream, count.incrementAndGet(), answers), Integer.MAX_VALUE);
    Mono<Happening> address = server.address().doOnNext(this::tellAddress).then(Mono.empty());
    Mono<Happening> end =
        limit
            .map(time -> Mono.delay(time).doOnNext(passed -> server.destroy()))
            .orElse(Mono.empty())
            .takeUntilOther(server.states().ignoreElements())
            .then(Mono.empty());
    return Flux.merge(listener, address, clients, end)
        .doOnNext(printer::print)
        .then(Mono.just(Ending.REACHED));
  }

  private Flux<Happening> events(AcceptedStream stream, int number, Answers answers) {
    Responder responder = new Responder(stream, answers, e -> failed(number, e));
    // An event is printed before it is answered, and answered before the next is read.
    Flux<Happening> seen =
        stream
            .events()
            .concatMap(
                event ->
                    Flux.<Happening>just(new Happening.Seen(watch.millis(), number, event))
                        .concatWith(Mono.defer(() -> responder.see(event)).then(Mono.empty())),
                1);
    return Timeline.of(seen, stream, number, watch)
        .onErrorResume(
            e -> {
              failed(number, e);
              return Flux.empty();
            });
  }

  private void failed(int number, Throwable failure) {
    if (!(failure instanceof StreamClosedException)) {
      terminal.diagnose("stream " + number + ": " + failure.getMessage());
    }
  }

  private void tellAddress(SocketAddress address) {
    if (address.equals(told.getAndSet(address))) {
      return;
    }
    String text =
        address instanceof InetSocketAddress inet
            ? inet.getHostString() + ":" + inet.getPort()
            : address.toString().replace('\0', '@'); // abstract names begin with it
    terminal.diagnose("listening on " + text);
  }

  private String label(int stream) {
    return terminal
        .palette()
        .strong(stream == 0 ? "listener " : String.format(Locale.ROOT, "%-9s", "#" + stream));
  }

  private Answers answers(StreamType streamType) {
    Payload body = source.reply.map(Payload::utf8).orElseGet(this::fileBody);
    boolean fixed = source.reply.isPresent() || source.replyFile.isPresent();
    Answers.Kind kind =
        nack
            ? Answers.Kind.NACK
            : source.echo ? Answers.Kind.ECHO : fixed ? Answers.Kind.REPLY : Answers.Kind.SILENT;
    if (nack && source.echo) {
      throw new MistakeException("--nack refuses what --echo would answer; give one of them");
    }
    return new Answers(
        streamType.protocol(), kind, body, mime.map(value -> mime(streamType, value)));
  }

  private Payload fileBody() {
    if (source.replyFile.isEmpty()) {
      return Payload.empty();
    }
    Path path = source.replyFile.get();
    try {
      return Payload.wrap(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new MistakeException(PolicyFile.unreadable(path, e));
    }
  }

  private static Answers.Mime mime(StreamType type, String value) {
    for (MetadataDeclaration declaration : type.metadata()) {
      if (declaration.header().filter("content-type"::equals).isPresent()) {
        return new Answers.Mime(declaration.name(), value);
      }
    }
    throw new MistakeException(
        "--mime needs a metadata name of '"
            + type.name()
            + "' that maps to content-type: and there is none");
  }
}
