package io.securestreams.core.lifecycle;

/** Which delivered state the lifecycle waits on, and so what the handler's answer leads to. */
enum Continuation {
  /** No answer is awaited. */
  NONE,
  /** After CREATING. */
  CREATED,
  /** After POLL: CONNECTING. */
  POLLED,
  /** After CONNECTING: the attempt. */
  STARTED,
  /** After a user state: CONNECTED. */
  MAPPED,
  /** After CONNECTED: payload. */
  UP,
  /** After UNREACHABLE or AUTH_FAILED: backoff, or ALL_RETRIES_FAILED. */
  FAILED,
  /** After ALL_RETRIES_FAILED: idle. */
  EXHAUSTED,
  /** After an acknowledgement on a session: it goes on. */
  ACKNOWLEDGED,
  /** After an acknowledgement that ends a transaction: DISCONNECTED. */
  COMPLETED,
  /** After DISCONNECTED: backoff. */
  DROPPED,
  /** After DISCONNECTED: the next transaction, if one was asked for. */
  ENDED,
  /** After DISCONNECTED by {@code disconnect()}: idle. */
  HELD,
  /** After DISCONNECTED because the policy changed: the next attempt, at once. */
  MOVED,
  /** After TIMEOUT: whatever went on. */
  TIMED_OUT,
  /** After SERVER_TXN: the answer. */
  TRANSACTION,
  /** After SERVER_UPGRADE: messages. */
  UPGRADED,
  /** After the last DISCONNECTED: DESTROYING. */
  LEAVING,
  /** After the last DISCONNECTED of a stream whose type left the policy: DESTROYING says why. */
  WITHDRAWN,
  /** After DESTROYING: release. */
  GONE
}
