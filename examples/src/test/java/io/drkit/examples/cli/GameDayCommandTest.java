package io.drkit.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.testkit.junit.GameDayDisaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GameDayCommandTest {
  @Test
  void comparesTheFourStrategiesAfterTheLossOfARegion() {
    Result result = Result.of("game-day");

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("The region where orders runs is lost; noticed after 20 s, "
            + "declared after 10 s more; seed 0\n")
        .containsPattern("backup-and-restore +\\d+ min.* 4 h met +.* 2 h met ")
        .containsPattern("pilot-light +\\d+ min.* 30 min met +.* 1 min met ")
        .containsPattern("warm-standby +\\d+ min.* 10 min met +.* 30 s met ")
        .containsPattern("multi-site +.* 2 min met +.* 10 s met ")
        .contains("COMPLETED_WITH_EXCEPTIONS, EXPOSED")
        .contains("EXPOSED: owed, and to be put right\n"
            + "  - backup-and-restore, pilot-light, warm-standby, multi-site: the fence ");
  }

  @Test
  void theReadmeShowsTheDayAsItIs() throws IOException {
    String day = Result.of("game-day")
        .out()
        .lines()
        .takeWhile(line -> !line.startsWith("EXPOSED:"))
        .collect(Collectors.joining("\n"))
        .strip();

    assertThat(Files.readString(Path.of("README.md"))).contains(day);
  }

  @Test
  void theSameSeedGivesTheSameDayAndAnotherOneAnother() {
    Result seven = Result.of("game-day", "--seed", "7");

    assertThat(Result.of("game-day", "--seed", "7")).isEqualTo(seven);
    assertThat(Result.of("game-day", "--seed", "8").out().replace("seed 8", "seed 7"))
        .isNotEqualTo(seven.out());
  }

  @Test
  void aDayThatMissesItsObjectivesEndsWithOneAndSaysWhy() {
    Result result = Result.of("game-day", "--disaster", "control-plane-loss");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("not back", "MISSED", "FAILED")
        .containsPattern(
            "PROBLEMS, the first of each\n  - .*step 'stop the writers of orders-db' failed");
  }

  @Test
  void whatAVirusSpoiledIsRecoveredToWhatItWasBefore() {
    Result result = Result.of("game-day", "--strategy", "pilot-light", "--disaster", "virus");

    assertThat(result.out())
        .startsWith("A virus makes database and files bad, and both are copied as they are; ")
        .contains("COMPLETED: the service is back in us-west-2")
        .containsPattern("data recovered to 20[^ ]+Z, or as close before it as was kept");
  }

  @Test
  void machinesThatAreLostLeaveNoFenceOwed() {
    Result result = Result.of("game-day", "--disaster", "machine-loss");

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.out())
        .contains("lose their power")
        .doesNotContain("WITH_EXCEPTIONS", "MISSED", "the fence");
  }

  @Test
  void aSiteOfItsOwnIsRecoveredInARegion() {
    Result result = Result.of("game-day", "--disaster", "on-premises-loss");

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.out()).contains("head-office, is lost; noticed after 20 s");
  }

  @Test
  void writersThatNobodyReachesAreStoppedByTheirLeases() {
    Result result = Result.of("game-day", "--strategy", "warm-standby", "--disaster", "link-loss");

    assertThat(result.out())
        .contains("the service is back in us-west-2")
        .containsPattern("reached +fence +take the write lease of orders-db");
  }

  @ParameterizedTest
  @EnumSource
  void eachDisasterOfTheTestkitIsPlayedByItsName(GameDayDisaster disaster) {
    String name = disaster.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Result result = Result.of("game-day", "--disaster", name);

    if (disaster == GameDayDisaster.RECOVERY_REGION_LOSS) {
      assertThat(result.err()).contains("there is nowhere to go before one of them is back");
    } else {
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).startsWith(disaster.sentence() + "; noticed after");
    }
    assertThat(Result.of("game-day", "--help").out().replaceAll("\\s+", " ")).contains(" " + name);
  }

  @Test
  void theLossOfTheRegionWhereOrdersRunsNeedsNotBeCalledPrimary() {
    assertThat(Result.of("game-day", "--disaster", "region-loss"))
        .isEqualTo(Result.of("game-day", "--disaster", "PRIMARY_REGION_LOSS"));
  }

  @Test
  void aDiskThatTakesASecondForEachWriteDelaysTheRecovery() {
    assertThat(secondsOfMultiSite("slow-disk"))
        .isGreaterThan(secondsOfMultiSite("primary-region-loss"));
  }

  private static int secondsOfMultiSite(String disaster) {
    Matcher line = Pattern.compile("multi-site +1 min (\\d+) s")
        .matcher(Result.of("game-day", "--disaster", disaster).out());
    assertThat(line.find()).as(disaster).isTrue();
    return Integer.parseInt(line.group(1));
  }

  @Test
  void oneStrategyIsToldInFull() {
    Result result = Result.of("game-day", "--strategy", "PILOT_LIGHT", "--disaster", "zone-loss");

    assertThat(result.code()).isEqualTo(0);
    assertThat(result.out())
        .contains("pilot-light ")
        .doesNotContain("multi-site")
        .contains("COMPLETED: the service is back in us-west-2, within its objective\n")
        .contains("\nSTEPS\n");
  }

  @Test
  void writesTheReportsAsJson(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("new/one");

    Result result = Result.of("game-day", "--out", out.toString());

    assertThat(result.out())
        .endsWith("the whole reports are in " + out.resolve("report.json") + "\n");
    assertThat(Files.readString(out.resolve("report.json")))
        .startsWith("[ {")
        .contains("\"strategy\" : \"BACKUP_AND_RESTORE\"", "\"strategy\" : \"MULTI_SITE\"");
  }

  @Test
  void anOutputThatCannotBeWrittenIsFoundBeforeTheDay(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    Result result = Result.of("game-day", "--out", file.toString());

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo("drkit: --out: " + file + " cannot be written; name a directory of your own\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--strategy, cold, '[backup-and-restore, pilot-light, warm-standby, multi-site]'",
    "--disaster, flood, '[primary-region-loss, zone-loss, on-premises-loss, machine-loss, control-plane-loss, '",
    "--seed, seven, is not a long",
  })
  void aWrongValueIsNamedTogetherWithTheRightOnes(String option, String value, String right) {
    Result result = Result.of("game-day", option, value);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains(option, "'" + value + "'", right)
        .endsWith("Try 'drkit game-day --help'.\n");
  }
}
