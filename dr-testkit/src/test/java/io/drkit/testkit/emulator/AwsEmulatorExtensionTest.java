package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class AwsEmulatorExtensionTest {
  /** What happened to the emulator of one run, in order. */
  private static final List<String> HAPPENED = new ArrayList<>();

  private static URI endpoint = URI.create("http://127.0.0.1");

  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    HAPPENED.clear();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/drkit/reset", exchange -> {
      HAPPENED.add("reset");
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void oneEmulatorServesAllClassesIsResetForEachAndClosedAtTheEnd() {
    EngineExecutionResults results = run(First.class, Second.class);

    results
        .testEvents()
        .assertStatistics(events -> events.succeeded(3).failed(0).skipped(0));
    assertThat(HAPPENED)
        .containsExactly(
            "searched", "reset", "first", "reset", "second", "nested in second", "closed");
  }

  @Test
  void withoutAnEmulatorAClassIsSkippedWithTheReason() {
    EngineExecutionResults results = run(Skipped.class);

    results.testEvents().assertStatistics(events -> events.started(0));
    results
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(skippedWithReason("There is no AWS emulator. No Python here. No Docker there.")));
  }

  @Test
  void withoutAnEmulatorThatIsRequiredAClassFailsWithTheReason() {
    EngineExecutionResults results = run(Required.class);

    results.testEvents().assertStatistics(events -> events.started(0));
    results
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            finishedWithFailure(
                instanceOf(IllegalStateException.class),
                message("DRKIT_REQUIRE_EMULATOR=true asks for an AWS emulator, and there is none."
                    + " No Python here. No Docker there.")));
  }

  private static EngineExecutionResults run(Class<?>... classes) {
    var engine = EngineTestKit.engine("junit-jupiter");
    for (Class<?> each : classes) {
      engine.selectors(selectClass(each));
    }
    return engine.execute();
  }

  private static AwsEmulatorExtension present() {
    return new AwsEmulatorExtension(
        () -> {
          HAPPENED.add("searched");
          return EmulatorSearch.found(
              new AwsEmulator(
                  endpoint,
                  AwsEmulator.Kind.MOTO,
                  EmulatorControl.drkit(endpoint),
                  () -> HAPPENED.add("closed")),
              List.of());
        },
        false);
  }

  private static AwsEmulatorExtension absent(boolean required) {
    return new AwsEmulatorExtension(
        () -> EmulatorSearch.absent(List.of("No Python here.", "No Docker there.")), required);
  }

  static class First {
    @RegisterExtension
    static final AwsEmulatorExtension EXTENSION = present();

    @Test
    void takesTheEmulator(AwsEmulator emulator) {
      HAPPENED.add(emulator.endpoint().equals(endpoint) ? "first" : "another emulator");
    }
  }

  static class Second {
    @RegisterExtension
    static final AwsEmulatorExtension EXTENSION = present();

    Second(AwsEmulator emulator) {
      assertThat(emulator.endpoint()).isEqualTo(endpoint);
    }

    @Test
    void hasIt() {
      HAPPENED.add("second");
    }

    @Nested
    class Inside {
      @Test
      void hasItToo(AwsEmulator emulator) {
        HAPPENED.add("nested in second");
      }
    }
  }

  static class Skipped {
    @RegisterExtension
    static final AwsEmulatorExtension EXTENSION = absent(false);

    @Test
    void neverRuns() {}
  }

  static class Required {
    @RegisterExtension
    static final AwsEmulatorExtension EXTENSION = absent(true);

    @Test
    void neverRuns() {}
  }
}
