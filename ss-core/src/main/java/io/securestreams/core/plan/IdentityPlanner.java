package io.securestreams.core.plan;

import io.securestreams.core.error.FailureKind;
import io.securestreams.core.error.LinkException;
import io.securestreams.core.system.Blob;
import io.securestreams.core.system.BlobKind;
import io.securestreams.core.system.SystemBlobs;
import io.securestreams.core.trust.ClientIdentity;
import org.jspecify.annotations.Nullable;

/** What a client shows, read anew only if the blobs changed. Source: {@code client_cert}. */
final class IdentityPlanner {

  private final int slot;
  private final PlanText texts;
  @Nullable private volatile Known known;

  private record Known(Blob certificate, Blob key, ClientIdentity identity) {}

  IdentityPlanner(int slot, PlanText texts) {
    this.slot = slot;
    this.texts = texts;
  }

  /**
   * The identity that the blobs hold now.
   *
   * @return the same object as long as they do not change
   * @throws LinkException of kind AUTH if they hold none
   */
  ClientIdentity identity(SystemBlobs blobs) {
    Blob certificate = blob(blobs, BlobKind.CLIENT_CERTIFICATE);
    Blob key = blob(blobs, BlobKind.CLIENT_KEY);
    Known last = known;
    if (last != null && last.certificate.equals(certificate) && last.key.equals(key)) {
      return last.identity;
    }
    try {
      ClientIdentity identity = ClientIdentity.of(certificate.bytes(), key.bytes());
      known = new Known(certificate, key, identity);
      return identity;
    } catch (IllegalArgumentException e) {
      throw texts.fail(
          FailureKind.AUTH,
          "client_cert "
              + slot
              + ": blobs "
              + BlobKind.CLIENT_CERTIFICATE
              + " and "
              + BlobKind.CLIENT_KEY
              + " of slot "
              + slot
              + " are no identity: "
              + e.getMessage());
    }
  }

  private Blob blob(SystemBlobs blobs, BlobKind kind) {
    Blob blob = blobs.get(kind, slot);
    if (blob.isEmpty()) {
      throw texts.fail(
          FailureKind.AUTH,
          "client_cert " + slot + ": blob " + kind + " of slot " + slot + " is not set; set it");
    }
    return blob;
  }
}
