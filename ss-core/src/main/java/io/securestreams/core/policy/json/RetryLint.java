package io.securestreams.core.policy.json;

import io.securestreams.core.error.FindingCode;

/** Whether clients that fail together come back together. */
final class RetryLint {

  /** Less than this, in percent, leaves the retries of a fleet in one heap. */
  private static final int LEAST_JITTER = 10;

  private RetryLint() {}

  /** Looks at a retry scheme; 0 stands for 30. */
  static void check(Fields scheme) {
    long jitter = scheme.whole(PolicyKey.JITTERPC);
    if (jitter > 0 && jitter < LEAST_JITTER) {
      scheme.reportValue(
          PolicyKey.JITTERPC,
          FindingCode.LOW_JITTER,
          "clients that fail together come back together; at least "
              + LEAST_JITTER
              + " spreads them, 0 means 30");
    }
  }
}
