package io.drkit.examples.cli;

import io.drkit.Instruction;
import io.drkit.RunControl;
import io.drkit.RunMode;
import io.drkit.Site;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a planned move an unplanned one, or the other way round. */
@Command(
    name = "mode",
    description =
        "Makes the switchover or failback that goes on a failover, because the region that is"
            + " left has died (name it with --lost), or makes a failover a switchover, because it works."
            + " With --step, one step alone.")
final class ModeCommand extends SteeringCommand {
  /** What a move can become. */
  enum Wanted {
    FAILOVER,
    SWITCHOVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "MODE", description = "One of ${COMPLETION-CANDIDATES}.")
  private Wanted mode;

  @Mixin
  private final LostOption lost = new LostOption();

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description =
          "The one step that is to go on so, for example a promotion that shall not wait for a copy that lags.")
  private Optional<String> step = Optional.empty();

  @Override
  String tell(RunControl run, Instruction instruction) {
    if (step.isPresent()) {
      if (!lost.sites().isEmpty()) {
        throw new RefusalException(
            "--lost is for the whole run, and --step for one step; give one");
      }
      run.switchStep(step.get(), RunMode.valueOf(mode.name()), instruction);
      return "step '" + step.get() + "' goes on as in a " + mode + " now";
    }
    run.switchTo(RunMode.valueOf(mode.name()), instruction, lost.sites().toArray(Site[]::new));
    return "the run is a " + mode + " now";
  }
}
