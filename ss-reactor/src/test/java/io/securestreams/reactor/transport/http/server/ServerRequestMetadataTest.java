package io.securestreams.reactor.transport.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.securestreams.core.metadata.MetadataDeclaration;
import io.securestreams.core.plan.MetadataValue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerRequestMetadataTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/,/",
    "/a/b,/a/b",
    "/a?b=c,/a",
    "/a%2Fb,/a%2Fb",
    "//a,//a",
    "http://h/a?b,/a",
    "http://h:1,/",
    "http://h?b,/",
    "/a?u=http://x/y,/a",
    "*,*",
    "h:443,h:443",
  })
  void givesThePathAsSentWithoutTheQuery(String target, String path) {
    assertThat(metadata().of(get(target)))
        .containsExactly(new MetadataValue("method", "GET"), new MetadataValue("path", path));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/?a=1,1",
    "/?b=2&a=1&a=3,1",
    "/?a=%C3%A9+%26,'é &'",
    "/?a,''",
    "/?a=,''",
    "/,header",
    "/?A=1,header",
    "/?a=%zz,header",
    "/?a=%,header",
  })
  void prefersTheFirstArgumentToTheHeader(String target, String value) {
    HttpRequest request = get(target);
    request.headers().set("X-A", "header");

    assertThat(metadata(declared("a", "x-a")).of(request)).contains(new MetadataValue("a", value));
  }

  @Test
  void joinsTheLinesOfAHeader() {
    HttpRequest request = get("/");
    request.headers().add("x-a", "1").add("X-A", "2");

    assertThat(metadata(declared("a", "x-a")).of(request)).contains(new MetadataValue("a", "1, 2"));
  }

  @Test
  void leavesOutWhatIsNotSet() {
    assertThat(
            metadata(declared("a", "x-a"), new MetadataDeclaration("plain", Optional.empty()))
                .of(get("/?other=1")))
        .extracting(MetadataValue::name)
        .containsExactly("method", "path");
  }

  @Test
  void doesNotLetArgumentsOverrideWhatTheRequestSays() {
    HttpRequest request = get("/p?method=m&path=q&auth=x");
    request.headers().set("Authorization", "Bearer y");

    assertThat(
            metadata(
                    new MetadataDeclaration("method", Optional.empty()),
                    new MetadataDeclaration("path", Optional.empty()),
                    new MetadataDeclaration("auth", Optional.empty()))
                .of(request))
        .containsExactly(
            new MetadataValue("method", "GET"),
            new MetadataValue("path", "/p"),
            new MetadataValue("auth", "Bearer y"));
  }

  private static ServerRequestMetadata metadata(MetadataDeclaration... declarations) {
    return new ServerRequestMetadata(List.of(declarations));
  }

  private static MetadataDeclaration declared(String name, String header) {
    return new MetadataDeclaration(name, Optional.of(header));
  }

  private static HttpRequest get(String target) {
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
  }
}
