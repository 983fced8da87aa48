package io.securestreams.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormPayloadTest {

  @Test
  void isEncodedInTheOrderOfTheMap() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("z", "two words");
    fields.put("a&b", "1+1=2");
    fields.put("umlaut", "\u00e4");
    fields.put("none", "");

    assertThat(Payload.form(fields).utf8())
        .isEqualTo("z=two+words&a%26b=1%2B1%3D2&umlaut=%C3%A4&none=");
  }

  @Test
  void ofNoFieldsIsEmpty() {
    assertThat(Payload.form(Map.of()).isEmpty()).isTrue();
  }
}
