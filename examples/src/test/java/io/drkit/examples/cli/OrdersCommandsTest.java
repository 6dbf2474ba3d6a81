package io.drkit.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.drkit.testkit.emulator.AwsEmulator;
import io.drkit.testkit.emulator.WithAwsEmulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that move orders, at an emulator. */
@WithAwsEmulator
class OrdersCommandsTest {
  @TempDir
  Path folder;

  private final AwsEmulator emulator;

  OrdersCommandsTest(AwsEmulator emulator) {
    this.emulator = emulator;
  }

  @BeforeEach
  @AfterEach
  void everythingIsForgotten() {
    emulator.reset();
  }

  @Test
  void ordersIsSetUpExplainedMovedAndReported() {
    Result setup = at("setup", "--objects", "3");
    assertThat(setup.code()).as(setup.toString()).isEqualTo(0);
    assertThat(setup.out())
        .contains("made database orders-db in us-east-1\n", "made 3 objects receipts/* in ")
        .endsWith("us-west-2 is prepared to take over; next: explain, or failover\n");

    Result explained = at("explain");
    assertThat(explained.code()).isEqualTo(0);
    assertThat(explained.out())
        .startsWith("A failover of plan 'orders' us-east-1 -> us-west-2 would do this now; "
            + "nothing was changed.\n")
        .containsPattern("WOULD CHANGE +promote +promote orders-db ")
        .containsPattern(
            "known later +verify +the web servers run +known after 'launch web servers'");
    assertThat(at("explain")).as("explaining changes nothing").isEqualTo(explained);

    Result moved = at("failover", "--journal", journal(), "--by", "test");
    assertThat(moved.code()).as(moved.toString()).isEqualTo(0);
    assertThat(moved.out())
        .containsPattern("Z  promote orders-db +started\n")
        .contains("COMPLETED: the service is back in us-west-2, within its objective\n")
        .contains("RTO counted from the declaration, the true outage was longer");

    Result again = at("failover", "--journal", journal());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("is from before the workload left it");

    Result resumed = at("resume", "--journal", journal());
    assertThat(resumed.code()).isEqualTo(2);
    assertThat(resumed.err()).contains("there is nothing to resume");

    assertThat(Result.of("runs", "--journal", journal()).out()).contains("failover    COMPLETED ");
    assertThat(Result.of("report", "--journal", journal()).out())
        .isEqualTo(moved.out().substring(moved.out().indexOf("COMPLETED: ")));

    Result late = at("setup");
    assertThat(late.code()).isEqualTo(0);
    assertThat(late.out())
        .isEqualTo("orders was moved to us-west-2 already, wholly or in part, so setup left it as "
            + "it is; begin again with a fresh emulator\n");
  }

  @Test
  void settingUpAgainMakesNothingTwice() {
    assertThat(at("setup", "--objects", "2").code()).isEqualTo(0);

    Result again = at("setup", "--objects", "3", "--late", "1");

    assertThat(again.code()).as(again.toString()).isEqualTo(0);
    assertThat(again.out().lines().filter(line -> line.startsWith("made ")))
        .containsExactly(
            "made 1 objects receipts/* in orders-receipts-us-east-1",
            "made 1 objects late/* in orders-receipts-us-east-1");
  }

  @Test
  void withTheRegionLostEverythingButTheTrafficIsMovedAndResumeMovesThat() {
    assumeTrue(emulator.losesRegions(), "only drkit's own emulator loses regions");
    assertThat(at("setup", "--objects", "2", "--late", "1").code()).isEqualTo(0);
    emulator.lose("us-east-1");

    Result failed = at(
        "failover",
        "--journal",
        journal(),
        "--lost",
        "us-east-1",
        "--since",
        Instant.now().toString());

    assertThat(failed.code()).as(failed.toString()).isEqualTo(1);
    assertThat(failed.out())
        .contains("FAILED: the service is not back in us-west-2\n")
        .containsPattern("  OWED +fence +stop production's web servers ")
        .containsPattern("  reached +promote +promote orders-db ")
        .containsPattern("  reached +promote +promote receipts ")
        .containsPattern("  reached +verify +the database takes writes ")
        .containsPattern("  reached +verify +the web servers run ")
        .contains("traffic was not moved, because Route 53's records cannot be changed while its"
            + " control plane in us-east-1 does not answer: resume when it answers again, or move"
            + " traffic by a switch that needs no control plane\n")
        .containsPattern("everything written to receipts after .* is lost");

    emulator.restore("us-east-1");
    Result resumed = at("resume", "--journal", journal(), "--json");

    assertThat(resumed.code()).as(resumed.toString()).isEqualTo(0);
    assertThat(resumed.out())
        .startsWith("{")
        .contains("\"outcome\" : \"COMPLETED\"", "\"recovered\" : true")
        .as("the region is back, and fenced")
        .doesNotContain("\"OWED\"");
    assertThat(resumed.err()).contains("goes on in process ");
  }

  @Test
  void anInstantThatIsToComeIsRefusedBeforeAnythingIsWritten() {
    Result result = at("failover", "--journal", journal(), "--since", "2999-01-01T00:00:00Z");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("since (2999-01-01T00:00:00Z) is in the future");
    assertThat(folder.resolve("journal/journal.log")).doesNotExist();
  }

  @Test
  void aServerThatIsNotAwsIsNotMistakenForIt() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    try {
      Result result = Result.of("failover", "--journal", journal(), "--endpoint", url);

      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err())
          .isEqualTo("drkit: " + url + " answers, but not as AWS does (HTTP 404); "
              + "nothing was done: correct --endpoint\n");
      assertThat(folder.resolve("journal")).doesNotExist();
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failover | --endpoint nonsense | --endpoint must be a URL such as http://127.0.0.1:5000: 'nonsense'",
        "failover | --endpoint http://127.0.0.1:1 | nothing listens at http://127.0.0.1:1; nothing was done",
        "failover | --lost mars | the plan 'orders' has no site 'mars'; it has [us-east-1, us-west-2]",
        "failover | --since yesterday | 'yesterday' is no instant; write one such as 2026-11-23T12:00:00Z",
        "failover | --stopped yesterday | 'yesterday' is no instant; write one such as 2026-11-23T12:00:00Z",
        "resume | --endpoint http://127.0.0.1:1 | there is no journal in ",
        "resume | --stopped yesterday | 'yesterday' is no instant; write one such as 2026-11-23T12:00:00Z",
      })
  void wrongUsageIsToldInOneSentenceAndLeavesNoTrace(String verb, String options, String sentence) {
    List<String> arguments = new ArrayList<>(List.of(verb, "--journal", journal()));
    arguments.addAll(List.of(options.split(" ")));

    Result result = Result.of(arguments.toArray(String[]::new));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("drkit: ").contains(sentence);
    assertThat(folder.resolve("journal")).doesNotExist();
  }

  @Test
  void setupRefusesToMakeItsWorldAtAws() {
    for (String[] arguments :
        new String[][] {{"setup"}, {"setup", "--endpoint", "https://ec2.us-east-1.amazonaws.com"}
        }) {
      Result result = Result.of(arguments);

      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err()).contains("at an emulator only, because at AWS it would cost money");
    }
  }

  @Test
  void setupRefusesNumbersBelowZero() {
    assertThat(at("setup", "--late", "-1").err())
        .isEqualTo("drkit: --late must be 0 or more: -1\n");
  }

  private String journal() {
    return folder.resolve("journal").toString();
  }

  private Result at(String verb, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(verb, "--endpoint", emulator.endpoint().toString()));
    arguments.addAll(Arrays.asList(more));
    return Result.of(arguments.toArray(String[]::new));
  }
}
