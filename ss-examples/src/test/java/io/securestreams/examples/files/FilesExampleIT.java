package io.securestreams.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FilesExampleIT {

  @Test
  @Timeout(60)
  void servesTheFolderAndNothingBesideIt() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    FilesExample.run(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
        .containsExactly(
            "GET /: 200, text/html;charset=utf-8, length 36, 36 bytes came",
            "GET /style.css: 200, text/css;charset=utf-8, length 33, 33 bytes came",
            "GET /large.bin: 200, application/octet-stream, length 67108864, 67108864 bytes came",
            "GET /%2e%2e/secret.txt: 404, text/plain;charset=utf-8, length 13, 13 bytes came",
            "HEAD /large.bin: 200, application/octet-stream, length 67108864, 0 bytes came",
            "DELETE /style.css: 405, text/plain;charset=utf-8, length 18, 18 bytes came");
  }
}
