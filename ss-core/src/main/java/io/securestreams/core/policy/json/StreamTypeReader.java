package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.error.NearestName;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.policy.Protocol;
import io.securestreams.core.policy.Side;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code s}: each stream type by itself. */
final class StreamTypeReader {

  private static final String RESERVED = "_lws_";

  private final Ground ground;
  private final Findings findings;
  private final Names<StreamDraft> streamTypes;
  private final List<StreamDraft> drafts = new ArrayList<>();

  /**
   * Gathers into the names.
   *
   * @param ground what the text is laid upon
   * @param findings where trouble goes
   * @param streamTypes what is defined
   */
  StreamTypeReader(Ground ground, Findings findings, Names<StreamDraft> streamTypes) {
    this.ground = ground;
    this.findings = findings;
    this.streamTypes = streamTypes;
  }

  /** All that were read, those with a refused name too. */
  List<StreamDraft> drafts() {
    return drafts;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.members(section, path, findings, this::streamType);
  }

  private void streamType(JsonValue.Member member, Place holder) {
    Place key = holder.key(member);
    if (member.name().startsWith(RESERVED)) {
      findings.add(FindingCode.VALUE, key, "names that begin with '" + RESERVED + "' are reserved");
    }
    Optional<StreamDraft> draft =
        Sections.object(member.value(), key.path(), findings)
            .map(object -> draft(member.name(), object, key));
    draft.ifPresent(drafts::add);
    streamTypes.define(member.name(), key, draft);
  }

  private StreamDraft draft(String name, JsonValue.Obj object, Place key) {
    Map<String, StreamType> before = ground.streamTypes();
    StreamType type = before.get(name);
    if (type != null) {
      Fields fields = Fields.overlaid(name, object, ground.members(type), key, findings);
      return draft(name, fields, type.metadata());
    }
    if (ground.policy().isPresent()) {
      findings.add(
          FindingCode.SUSPICIOUS,
          key,
          "defines a new streamtype" + NearestName.hint(name, before.keySet()));
    }
    return draft(name, Fields.read(KeySection.STREAM, object, key.path(), findings), List.of());
  }

  /** A stream type that the text does not name. */
  StreamDraft inherited(StreamType type) {
    Fields fields = Fields.inherited(type.name(), ground.members(type), findings);
    return draft(type.name(), fields, type.metadata());
  }

  private StreamDraft draft(String name, Fields fields, List<MetadataDeclaration> declared) {
    Side side = side(fields);
    Optional<String> given = fields.text(PolicyKey.PROTOCOL);
    Optional<Protocol> protocol = protocol(fields, side, given);
    Optional<String> method = method(fields, given.flatMap(OldProtocol::of));
    MetadataTable metadata = MetadataTable.read(fields, declared, findings);
    Map<Integer, Integer> responses = ResponseMap.read(fields, findings);
    Map<String, String> options = ServerOptions.read(fields, side, findings);
    return new StreamDraft(name, fields, side, protocol, method, metadata, responses, options);
  }

  private static Side side(Fields fields) {
    boolean sink = fields.flag(PolicyKey.LOCAL_SINK);
    if (fields.flag(PolicyKey.SERVER_SIDE)) {
      if (sink) {
        fields.reportKey(
            PolicyKey.LOCAL_SINK, FindingCode.CONFLICT, "a server cannot be a local sink");
      }
      return Side.SERVER;
    }
    return sink ? Side.LOCAL_SINK : Side.CLIENT;
  }

  private static Optional<Protocol> protocol(Fields fields, Side side, Optional<String> given) {
    if (!fields.has(PolicyKey.PROTOCOL)) {
      if (side != Side.LOCAL_SINK) {
        fields.report(FindingCode.SUSPICIOUS, "no 'protocol': h1 is used");
      }
      return Optional.of(Protocol.H1);
    }
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Optional<Protocol> known = Protocol.of(given.get());
    if (known.isPresent()) {
      return known;
    }
    Optional<OldProtocol> old = OldProtocol.of(given.get());
    if (old.isPresent()) {
      Protocol meant = old.get().protocol();
      fields.reportValue(
          PolicyKey.PROTOCOL,
          FindingCode.ALIAS,
          "use '" + meant.key() + "' and 'http_method' '" + old.get().method() + "'");
      return Optional.of(meant);
    }
    List<String> keys = TextForm.PROTOCOL.words();
    fields.reportValue(
        PolicyKey.PROTOCOL,
        FindingCode.VALUE,
        "unknown protocol, expected one of "
            + String.join(", ", keys)
            + NearestName.hint(given.get(), keys));
    return Optional.empty();
  }

  private static Optional<String> method(Fields fields, Optional<OldProtocol> old) {
    Optional<String> implied = old.map(OldProtocol::method);
    boolean replaced = implied.isPresent() && fields.isInherited(PolicyKey.HTTP_METHOD);
    Optional<String> given = fields.text(PolicyKey.HTTP_METHOD).filter(method -> !replaced);
    if (given.isPresent() && implied.isPresent() && !given.equals(implied)) {
      fields.reportValue(
          PolicyKey.HTTP_METHOD,
          FindingCode.CONFLICT,
          "'" + old.get().key() + "' already says " + implied.get());
    }
    return given.or(() -> implied);
  }
}
