package io.securestreams.core.lifecycle;

import static io.securestreams.core.lifecycle.Drive.R0;
import static io.securestreams.core.lifecycle.Drive.R2;

import org.junit.jupiter.api.Test;

/** The worked sequences that a client of the reference shows. */
class WorkedSequencesTest {

  @Test
  void getIsAcknowledgedAndDisconnected() {
    Drive.http(R0)
        .onTx(() -> {})
        .comesUp()
        .create()
        .requestTx()
        .served()
        .rx("7,SOM")
        .rx("0,EOM")
        .ack()
        .sees("CREATING POLL CONNECTING CONNECTED rx(7,SOM) rx(0,EOM) QOS_ACK_REMOTE DISCONNECTED");
  }

  @Test
  void refusedSeriesEnds() {
    Drive.http(R2)
        .refuses()
        .refuses()
        .refuses()
        .create()
        .requestTx()
        .sees("CREATING POLL CONNECTING UNREACHABLE")
        .wake()
        .sees("POLL CONNECTING UNREACHABLE")
        .wake()
        .sees("POLL CONNECTING UNREACHABLE ALL_RETRIES_FAILED");
  }
}
