package io.securestreams.core.policy;

import java.util.List;
import java.util.Objects;

/**
 * Which metrics are reported, and how often. Source: policy key {@code metrics[]}.
 *
 * @param name the name of the reporting policy
 * @param scheduleUs µs between reports, 0..2^63-1; 0 means none by the clock. Source: {@code
 *     us_schedule}
 * @param halflifeUs µs, 0..4294967295; nothing acts on it. Source: {@code us_halflife}
 * @param minOutlier samples, 0..255; nothing acts on it. Source: {@code min_outlier}
 * @param report names of metrics, {@code *} being a wildcard; those that match nothing are allowed.
 *     Source: {@code report}
 */
public record MetricPolicy(
    String name, long scheduleUs, long halflifeUs, int minOutlier, List<String> report) {

  /** Copies the names. */
  public MetricPolicy {
    Objects.requireNonNull(name, "name");
    report = List.copyOf(report);
  }
}
