package io.securestreams.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.examples.LocalPolicy;
import io.securestreams.reactor.SecureStreams;
import io.securestreams.reactor.api.AcceptedStream;
import io.securestreams.reactor.api.StreamServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import reactor.core.Disposable;

/** A real browser loads the page over h2, and has its WebSocket on the same connection. */
@Tag("browser")
@Timeout(180)
class ChatTunnelIT {

  private final LocalPolicy policy = LocalPolicy.load(ChatTunnelIT.class, "tls-policy.json");
  private final SecureStreams streams = SecureStreams.builder().policy(policy.json()).build();
  private final StreamServer server = streams.serve("chat_srv");
  private final ChromeDriver browser = Chromium.start();
  private Disposable serving;

  @BeforeEach
  void serve() {
    serving = new ChatServer().serve(server).subscribe(end -> {}, Throwable::printStackTrace);
    server.address().block();
  }

  @AfterEach
  void stop() {
    browser.quit();
    serving.dispose();
    streams.close();
  }

  @Test
  void aBrowserChatsOnAStreamOfItsConnection() {
    browser.get("https://127.0.0.1:" + policy.port() + "/");
    browser.switchTo().activeElement().sendKeys("Ann", Keys.ENTER);
    browser.findElement(By.xpath("//*[@id='state'][@data-state='open']"));
    browser.findElement(By.id("text")).sendKeys("good day", Keys.ENTER);

    browser.findElement(By.xpath("//*[@id='log']/li[contains(., 'good day')]"));
    assertThat(server.clients())
        .singleElement()
        .extracting(AcceptedStream::streamType, client -> client.metadata("method").orElse(""))
        .containsExactly("chat_srv", "CONNECT");
    assertThat(Chromium.console(browser)).isEmpty();
  }
}
