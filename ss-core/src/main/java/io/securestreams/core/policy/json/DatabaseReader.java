package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reads a whole document: sections first, then what they say about each other. An overlay is read
 * like a policy, but for what it leaves, which is taken from the policy below it.
 */
final class DatabaseReader {

  /** The newest {@code schema-version} that is understood. */
  private static final int SCHEMA_VERSION = 1;

  private final Ground ground;
  private final Findings findings;
  private final References references;
  private final StreamTypeReader streams;
  private final RetryReader schemes;
  private final CertificatesReader certificates;

  /**
   * Starts a reading.
   *
   * @param ground what the document is laid upon
   * @param findings where trouble goes
   */
  DatabaseReader(Ground ground, Findings findings) {
    this.ground = ground;
    this.findings = findings;
    this.references = ground.references(findings);
    this.streams = new StreamTypeReader(ground, findings, references.streamTypes());
    this.schemes = new RetryReader(findings, references.schemes());
    this.certificates = new CertificatesReader(findings, references.certificates());
  }

  /** The database, unless there are errors. */
  Optional<PolicyDatabase> read(JsonValue.Obj root) {
    findings.know(saidBefore());
    Fields fields = Fields.read(KeySection.POLICY, root, JsonPath.ROOT, findings);
    if (fields.whole(PolicyKey.SCHEMA_VERSION) > SCHEMA_VERSION) {
      fields.reportValue(
          PolicyKey.SCHEMA_VERSION,
          FindingCode.VALUE,
          "the policy needs schema version "
              + fields.whole(PolicyKey.SCHEMA_VERSION)
              + ", this implementation supports "
              + SCHEMA_VERSION);
    }
    Optional<SocksProxy> proxy = proxy(fields).or(ground::proxy);
    sections(fields);
    Map<StreamDraft, List<String>> blockers = check();
    return findings.errors() > 0
        ? Optional.empty()
        : Optional.of(database(fields, proxy, streamTypes(blockers, proxy)));
  }

  /** What there is to say of the policy below, so that it is not said of the overlay. */
  private Set<Findings.Said> saidBefore() {
    if (ground.policy().isEmpty()) {
      return Set.of();
    }
    Findings before = new Findings(new PolicyText("", ""), false);
    DatabaseReader below = new DatabaseReader(ground, before);
    below.inherit();
    below.check();
    below.references.streamTypes().inherited().forEach(ConnectionLint::check);
    return before.said();
  }

  /** Adds the stream types that the document does not name. */
  private void inherit() {
    Set<String> named = references.streamTypes().names();
    for (StreamType type : ground.streamTypes().values()) {
      if (!named.contains(type.name())) {
        references.streamTypes().inherit(type.name(), streams.inherited(type));
      }
    }
  }

  /** What each stream type is kept from opening by; those of the document are checked last. */
  private Map<StreamDraft, List<String>> check() {
    StreamChecks checks = new StreamChecks(references);
    Set<StreamDraft> drafts = new LinkedHashSet<>(references.streamTypes().inherited());
    drafts.addAll(streams.drafts());
    Map<StreamDraft, List<String>> blockers = new LinkedHashMap<>();
    for (StreamDraft draft : drafts) {
      checks.check(draft);
      blockers.put(draft, SupportNotice.blockers(draft));
    }
    return blockers;
  }

  /** In the order of the policy below, then of the document. */
  private Map<String, StreamType> streamTypes(
      Map<StreamDraft, List<String>> blockers, Optional<SocksProxy> proxy) {
    Map<String, StreamType> streamTypes = new LinkedHashMap<>(ground.streamTypes());
    StreamTypeFactory factory = new StreamTypeFactory(references, proxy);
    blockers.forEach(
        (draft, keys) -> streamTypes.put(draft.name(), factory.streamType(draft, keys)));
    return streamTypes;
  }

  private PolicyDatabase database(
      Fields fields, Optional<SocksProxy> proxy, Map<String, StreamType> streamTypes) {
    Map<String, CertificateEntry> certificates = new LinkedHashMap<>(ground.certificates());
    references
        .certificates()
        .accepted()
        .forEach((name, definition) -> certificates.put(name, definition.entry()));
    Optional<PolicyDatabase> below = ground.policy();
    return new PolicyDatabase(
        fields.text(PolicyKey.RELEASE).or(() -> below.flatMap(PolicyDatabase::release)),
        fields.text(PolicyKey.PRODUCT).or(() -> below.flatMap(PolicyDatabase::product)),
        (int) fields.whole(PolicyKey.SCHEMA_VERSION),
        proxy,
        references.schemes().accepted(),
        certificates,
        references.stores().accepted(),
        references.auths().accepted(),
        references.metrics().accepted(),
        streamTypes);
  }

  /** Adds what a lint has to say; to be called after a reading without errors. */
  void lint(Lint lint) {
    schemes.members().forEach(RetryLint::check);
    streams.drafts().forEach(ConnectionLint::check);
    Set<String> used = CertificateLint.inUse(references, streams.drafts());
    CertificateLint review = new CertificateLint(lint.clock().instant(), findings);
    Map<String, Place> places = new LinkedHashMap<>(certificates.places());
    places.keySet().retainAll(used);
    places.forEach(
        (name, place) ->
            references.certificates().accepted(name).ifPresent(c -> review.check(c, place)));
    if (lint.isReportingUnused()) {
      UnusedLint.check(references, streams.drafts(), used, findings);
    }
  }

  private static Optional<SocksProxy> proxy(Fields fields) {
    Optional<String> text = fields.text(PolicyKey.VIA_SOCKS5);
    Optional<SocksProxy> proxy = text.flatMap(SocksAddress::parse);
    if (text.isPresent() && proxy.isEmpty()) {
      fields.reportValue(PolicyKey.VIA_SOCKS5, FindingCode.VALUE, SocksAddress.EXPECTED);
    }
    return proxy;
  }

  /** Reads every section; those that others refer to come first, whatever the order of the text. */
  private void sections(Fields fields) {
    section(fields, PolicyKey.RETRY_SCHEMES, references.schemes(), schemes::read);
    section(fields, PolicyKey.CERTS, references.certificates(), certificates::read);
    section(
        fields,
        PolicyKey.TRUST_STORES,
        references.stores(),
        new TrustStoreReader(findings, references.certificates(), references.stores())::read);
    AuthReader auths = new AuthReader(findings, references.auths());
    section(fields, PolicyKey.AUTHS, references.auths(), auths::read);
    section(
        fields,
        PolicyKey.METRICS,
        references.metrics(),
        new MetricReader(findings, references.metrics())::read);
    if (!fields.has(PolicyKey.STREAM_TYPES) && ground.policy().isEmpty()) {
      fields.report(FindingCode.MISSING, "member 's' is required");
    }
    section(fields, PolicyKey.STREAM_TYPES, references.streamTypes(), streams::read);
    inherit();
    auths.checkStreamTypes(references.streamTypes());
  }

  private void section(
      Fields fields, PolicyKey key, Names<?> names, BiConsumer<JsonValue.Arr, JsonPath> reader) {
    if (!fields.has(key)) {
      return;
    }
    Optional<JsonValue.Arr> array = fields.list(key);
    if (array.isEmpty()) {
      names.incomplete();
      return;
    }
    int before = findings.faults();
    reader.accept(array.get(), fields.valuePlace(key).path());
    List<JsonValue> broken = new ArrayList<>(array.get().items());
    broken.removeIf(JsonValue.Obj.class::isInstance);
    if (!broken.isEmpty()) {
      names.incomplete();
    }
    if (key.support() == Support.LATER && findings.faults() == before) {
      fields.reportKey(key, FindingCode.IGNORED, "not supported yet");
    }
  }
}
