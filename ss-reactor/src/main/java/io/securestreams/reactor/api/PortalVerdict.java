package io.securestreams.reactor.api;

/** Whether the internet can be reached from here. Source: {@code lws_cpd_result_t}. */
public enum PortalVerdict {
  /** Nothing is known. */
  UNKNOWN,
  /** The server that the policy names for it gave the expected answer. */
  INTERNET_OK,
  /** Something in between redirects requests that no true server redirects: a login page. */
  CAPTIVE_PORTAL,
  /** No server answered, or not as expected. */
  NO_INTERNET
}
