package io.drkit.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.file.FileJournal;
import io.drkit.spi.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process dies at every operation of a run, and at every operation of what goes on with it. The operations: before an
 * append, after it, before a request, while one is under way that takes effect later, before its answer, between slices.
 */
@Timeout(300)
@Tag("proof")
class CrashEverywhereTest {
  @TempDir
  Path directory;

  @Test
  void aRunSurvivesADeathAtEveryOperation() throws Exception {
    int operation = 0;
    while (dies(operation)) {
      operation++;
    }

    assertThat(operation).isGreaterThan(110);
  }

  private static boolean dies(int... operations) throws InterruptedException {
    Story story = new Story(Blueprint.TWENTY_STEPS);
    boolean died = true;
    for (int operation : operations) {
      died = died && story.live(new Mortal(operation)).isEmpty();
    }
    story.check(story.finish());
    return died;
  }

  @Test
  void aRecoverySurvivesADeathAtEveryOperationToo() throws Exception {
    int runs = 0;
    for (int first = 0, second = 1; second > 0; first++) {
      second = 0;
      while (dies(first, second)) {
        second++;
      }
      runs += second;
    }

    assertThat(runs).isGreaterThan(5_000);
  }

  @Test
  void threeDeathsInARowAreSurvived() throws Exception {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      dies(random.nextInt(150), random.nextInt(100), random.nextInt(60), random.nextInt(30));
    }
  }

  /** How an append is found that was not forced when the power failed. */
  private enum Loss {
    NOTHING_OF_IT,
    ONE_BYTE,
    HALF,
    ALL_BUT_ONE_BYTE,
    HALF_AND_ZEROS,
    ALL_OF_IT
  }

  @Test
  void aFileThatIsTornAtAnyAppendIsGoneOnWith() throws Exception {
    int torn = 0;
    boolean died = true;
    for (int operation = 0; died; operation++) {
      Story story = new Story(Blueprint.TWENTY_STEPS);
      Mortal process = new Mortal(operation);
      died = story.live(process).isEmpty();
      if (died && process.last().startsWith("before the append")) {
        for (Loss loss : Loss.values()) {
          Path place = directory.resolve(operation + "-" + loss);
          List<String> acknowledged = story.log().lines();
          tear(place, acknowledged, story.log().lastAppend(), loss);
          List<String> expected = new ArrayList<>(acknowledged);
          if (loss == Loss.ALL_OF_IT) {
            expected.addAll(story.log().lastAppend());
          }
          assertThat(FileJournal.at(place).read("orders").records())
              .as("%s, %s", loss, story)
              .isEqualTo(expected);
        }
        Loss loss = Loss.values()[torn++ % Loss.values().length];
        story.log().goOnWith(FileJournal.at(directory.resolve(operation + "-" + loss)));
        story.check(story.finish());
      }
    }

    assertThat(torn).isGreaterThan(25);
  }

  private static void tear(Path place, List<String> acknowledged, List<String> last, Loss loss)
      throws IOException {
    Journal journal = FileJournal.at(place);
    if (!acknowledged.isEmpty()) {
      journal.append("orders", 0, acknowledged);
    }
    Path file = place.resolve("journal.log");
    long before = acknowledged.isEmpty() ? 0 : Files.size(file);
    journal.append("orders", acknowledged.size(), last);
    long after = Files.size(file);
    long cut = switch (loss) {
      case NOTHING_OF_IT -> before;
      case ONE_BYTE -> before + 1;
      case HALF, HALF_AND_ZEROS -> (before + after) / 2;
      case ALL_BUT_ONE_BYTE -> after - 1;
      case ALL_OF_IT -> after;
    };
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(cut);
      if (loss == Loss.HALF_AND_ZEROS) {
        channel.write(ByteBuffer.allocate(Math.toIntExact(after - cut)), cut);
      }
    }
  }
}
