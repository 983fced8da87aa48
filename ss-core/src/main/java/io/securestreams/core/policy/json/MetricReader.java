package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import java.util.Optional;

/** Checks {@code metrics}; this version does not act on it. */
final class MetricReader {

  private final Findings findings;
  private final Names<String> metrics;

  MetricReader(Findings findings) {
    this.findings = findings;
    this.metrics = new Names<>("metric policy", findings);
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.objects(section, path, findings, this::entry);
  }

  private void entry(JsonValue.Obj object, JsonPath path) {
    Fields fields = Fields.read(KeySection.METRIC, object, path, findings);
    if (!fields.has(PolicyKey.METRIC_NAME)) {
      fields.report(FindingCode.MISSING, "'name' is required");
    }
    fields
        .text(PolicyKey.METRIC_NAME)
        .ifPresent(
            name ->
                metrics.define(name, fields.valuePlace(PolicyKey.METRIC_NAME), Optional.of(name)));
  }
}
