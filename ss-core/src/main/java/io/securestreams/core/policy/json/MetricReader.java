package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;
import io.securestreams.core.policy.MetricPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads {@code metrics}; this version does not act on it. */
final class MetricReader {

  private final Findings findings;
  private final Names<MetricPolicy> metrics;

  MetricReader(Findings findings, Names<MetricPolicy> metrics) {
    this.findings = findings;
    this.metrics = metrics;
  }

  void read(JsonValue.Arr section, JsonPath path) {
    Sections.objects(section, path, findings, this::entry);
  }

  private void entry(JsonValue.Obj object, JsonPath path) {
    Fields fields = Fields.read(KeySection.METRIC, object, path, findings);
    if (!fields.has(PolicyKey.METRIC_NAME)) {
      fields.report(FindingCode.MISSING, "'name' is required");
    }
    Optional<String> name = fields.text(PolicyKey.METRIC_NAME);
    if (name.isPresent()) {
      MetricPolicy metric =
          new MetricPolicy(
              name.get(),
              fields.whole(PolicyKey.METRIC_SCHEDULE),
              fields.whole(PolicyKey.METRIC_HALFLIFE),
              (int) fields.whole(PolicyKey.METRIC_OUTLIER),
              fields.text(PolicyKey.METRIC_REPORT).map(MetricReader::report).orElse(List.of()));
      metrics.define(name.get(), fields.valuePlace(PolicyKey.METRIC_NAME), Optional.of(metric));
    }
  }

  private static List<String> report(String names) {
    return Arrays.stream(names.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }
}
