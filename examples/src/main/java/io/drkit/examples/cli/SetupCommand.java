package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.Outcome;
import io.drkit.RunReport;
import io.drkit.aws.AwsClients;
import io.drkit.examples.orders.Orders;
import io.drkit.examples.orders.OrdersClients;
import io.drkit.examples.orders.OrdersPlan;
import io.drkit.examples.orders.OrdersWorld;
import io.drkit.report.TerminalProgress;
import io.drkit.report.TextReport;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.TimeSource;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes the orders world at an emulator. */
@Command(
    name = "setup",
    description = "Makes the orders world at an emulator: production in us-east-1, a pilot light in"
        + " us-west-2, and the copies between them. What is there already is left alone.")
final class SetupCommand implements Callable<Integer> {
  @Mixin
  private final AwsOptions aws = new AwsOptions();

  @Option(
      names = "--objects",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many receipts the bucket holds. Default: ${DEFAULT-VALUE}.")
  private int objects;

  @Option(
      names = "--late",
      paramLabel = "K",
      defaultValue = "0",
      description =
          "How many more receipts are then written in us-east-1 only, too late to be copied.")
  private int late;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    atLeastZero("--objects", objects);
    atLeastZero("--late", late);
    if (aws.real()) {
      throw new RefusalException(
          "setup makes its world at an emulator only, because at AWS it would"
              + " cost money: name one with --endpoint, for example that of 'drkit emulator'");
    }
    PrintWriter out = command.commandLine().getOut();
    try (AwsClients clients = aws.patientClients()) {
      new Reachability(aws).check(clients, Orders.SITES);
      OrdersWorld world = new OrdersWorld(OrdersClients.of(clients), made -> {
        out.println("made " + made);
        out.flush();
      });
      return make(world, clients, out);
    } catch (SdkException e) {
      throw new RunStoppedException(
          "setup stopped half-way: " + e.getMessage()
              + "; run it again when that is put right, and it makes what is missing",
          e);
    }
  }

  private int make(OrdersWorld world, AwsClients clients, PrintWriter out)
      throws InterruptedException {
    if (world.failedOver()) {
      out.println(
          "orders was moved to " + Orders.WEST + " already, wholly or in part, so setup left"
              + " it as it is; begin again with a fresh emulator");
      out.flush();
      if (late > 0) {
        throw new RefusalException("--late " + late + " was not done: nobody may write to "
            + Orders.EAST + " any more; begin again with a fresh emulator");
      }
      return ExitCode.DONE;
    }
    world.makeProduction(objects);
    RunReport prepared = prepare(clients, out);
    if (!prepared.objectiveMet()) {
      out.print(TextReport.of(prepared));
      out.flush();
      return prepared.outcome() == Outcome.IN_DOUBT ? ExitCode.PERSON : ExitCode.NOT_DONE;
    }
    world.makeStandby();
    writeLate(world, out);
    out.println("orders runs in " + Orders.EAST + ", and " + Orders.WEST
        + " is prepared to take over; next: explain, or failover");
    out.flush();
    return ExitCode.DONE;
  }

  private void writeLate(OrdersWorld world, PrintWriter out) {
    if (late > 0) {
      world.writeLate(late);
    }
    out.flush();
  }

  private static RunReport prepare(AwsClients clients, PrintWriter out)
      throws InterruptedException {
    try (DrEngine engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .listener(new TerminalProgress(out, TimeSource.system()))
        .build()) {
      return engine.prepare(OrdersPlan.of(clients), "setup").await();
    }
  }

  private static void atLeastZero(String option, int value) {
    if (value < 0) {
      throw new RefusalException(option + " must be 0 or more: " + value);
    }
  }
}
