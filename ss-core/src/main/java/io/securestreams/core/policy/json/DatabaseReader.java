package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.CertificateEntry;
import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.SocksProxy;
import io.securestreams.core.policy.StreamType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads a whole document: sections first, then what they say about each other. */
final class DatabaseReader {

  /** The newest {@code schema-version} that is understood. */
  private static final int SCHEMA_VERSION = 1;

  private final Findings findings;
  private final References references;

  DatabaseReader(Findings findings) {
    this.findings = findings;
    this.references = References.empty(findings);
  }

  /** The database, unless there are errors. */
  Optional<PolicyDatabase> read(JsonValue.Obj root) {
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
    Optional<SocksProxy> proxy = proxy(fields);
    boolean proxied = fields.has(PolicyKey.VIA_SOCKS5);
    StreamTypeReader streams = sections(fields);
    StreamChecks checks = new StreamChecks(references);
    Map<StreamDraft, List<String>> blockers = new LinkedHashMap<>();
    for (StreamDraft draft : streams.drafts()) {
      checks.check(draft);
      blockers.put(draft, SupportNotice.blockers(draft, proxied));
    }
    if (findings.errors() > 0) {
      return Optional.empty();
    }
    Map<String, StreamType> streamTypes = new LinkedHashMap<>();
    StreamTypeFactory factory = new StreamTypeFactory(references, proxy);
    blockers.forEach(
        (draft, keys) -> streamTypes.put(draft.name(), factory.streamType(draft, keys)));
    Map<String, CertificateEntry> certificates = new LinkedHashMap<>();
    references
        .certificates()
        .accepted()
        .forEach((name, definition) -> certificates.put(name, definition.entry()));
    return Optional.of(
        new PolicyDatabase(
            fields.text(PolicyKey.RELEASE),
            fields.text(PolicyKey.PRODUCT),
            (int) fields.whole(PolicyKey.SCHEMA_VERSION),
            proxy,
            references.schemes().accepted(),
            certificates,
            references.stores().accepted(),
            references.auths().accepted(),
            references.metrics().accepted(),
            streamTypes));
  }

  private static Optional<SocksProxy> proxy(Fields fields) {
    Optional<String> text = fields.text(PolicyKey.VIA_SOCKS5);
    Optional<SocksProxy> proxy = text.flatMap(SocksAddress::parse);
    if (proxy.isPresent()) {
      fields.reportKey(PolicyKey.VIA_SOCKS5, FindingCode.IGNORED, "not supported yet");
    } else if (text.isPresent()) {
      fields.reportValue(PolicyKey.VIA_SOCKS5, FindingCode.VALUE, SocksAddress.EXPECTED);
    }
    return proxy;
  }

  /** Reads every section; those that others refer to come first, whatever the order of the text. */
  private StreamTypeReader sections(Fields fields) {
    section(
        fields,
        PolicyKey.RETRY_SCHEMES,
        references.schemes(),
        new RetryReader(findings, references.schemes())::read);
    section(
        fields,
        PolicyKey.CERTS,
        references.certificates(),
        new CertificatesReader(findings, references.certificates())::read);
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
    StreamTypeReader streams = new StreamTypeReader(findings, references.streamTypes());
    if (!fields.has(PolicyKey.STREAM_TYPES)) {
      fields.report(FindingCode.MISSING, "member 's' is required");
    }
    section(fields, PolicyKey.STREAM_TYPES, references.streamTypes(), streams::read);
    auths.checkStreamTypes(references.streamTypes());
    return streams;
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
