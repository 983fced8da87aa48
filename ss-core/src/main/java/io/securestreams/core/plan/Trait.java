package io.securestreams.core.plan;

/** What a client does beyond the plain exchange. Each is a policy key of {@code s[].*}. */
public enum Trait {
  /** Timings of each connection are reported: {@code perf}. */
  PERF,
  /** Redirects are followed: {@code allow_redirects}. */
  FOLLOW_REDIRECTS,
  /** A redirect is reported as captive portal before anything else: {@code http_fail_redirect}. */
  REPORT_REDIRECTS,
  /** Cookies of responses are kept and sent back: {@code http_cookies}. */
  COOKIES,
  /** Each part of a multipart response is a message: {@code http_multipart_ss_in}. */
  SPLIT_PARTS,
  /** The response may pause as long as it likes: {@code long_poll}. */
  LONG_POLL,
  /** Credit of the peer that overflows the window is cut: {@code h2q_oflow_txcr}. */
  OVERFLOW_CREDIT
}
