package io.securestreams.examples.readme;

import io.securestreams.reactor.SecureStreams;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;

/** What the README shows for Spring. */
@Configuration(proxyBeanMethods = false)
class SpringSnippet {

  // region spring
  @Bean
  SecureStreams secureStreams(@Value("classpath:policy.json") Resource policy) throws IOException {
    try (InputStream json = policy.getInputStream()) {
      return SecureStreams.builder().policy(json).build();
    }
  }
  // endregion
}
