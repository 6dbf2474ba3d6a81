package io.drkit.internal;

import io.drkit.ApprovalRequest;
import io.drkit.Decision;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Instruction;
import io.drkit.RunControl;
import io.drkit.RunMode;
import io.drkit.RunReport;
import io.drkit.Site;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A run that has ended, as its journal tells it. */
record EndedRun(DrPlan plan, RunReport report, RunControl control) implements DrRun {

  @Override
  public String id() {
    return report.run();
  }

  @Override
  public CompletableFuture<RunReport> ended() {
    return CompletableFuture.completedFuture(report);
  }

  @Override
  public RunReport await() {
    return report;
  }

  @Override
  public void pause(Instruction instruction) {
    control.pause(instruction);
  }

  @Override
  public void continueRun(Instruction instruction) {
    control.continueRun(instruction);
  }

  @Override
  public void cancel(Instruction instruction) {
    control.cancel(instruction);
  }

  @Override
  public void commit(Instruction instruction) {
    control.commit(instruction);
  }

  @Override
  public void rollback(Instruction instruction) {
    control.rollback(instruction);
  }

  @Override
  public void switchTo(RunMode mode, Instruction instruction, Site... lost) {
    control.switchTo(mode, instruction, lost);
  }

  @Override
  public void switchStep(String step, RunMode mode, Instruction instruction) {
    control.switchStep(step, mode, instruction);
  }

  @Override
  public void skip(String step, Instruction instruction) {
    control.skip(step, instruction);
  }

  @Override
  public void abandon(String step, Instruction instruction) {
    control.abandon(step, instruction);
  }

  @Override
  public void retry(String step, Instruction instruction) {
    control.retry(step, instruction);
  }

  @Override
  public List<ApprovalRequest> approvals() {
    return control.approvals();
  }

  @Override
  public void approve(ApprovalRequest request, Instruction instruction) {
    control.approve(request, instruction);
  }

  @Override
  public void decline(ApprovalRequest request, Instruction instruction) {
    control.decline(request, instruction);
  }

  @Override
  public void decide(String step, Decision decision, Instruction instruction) {
    control.decide(step, decision, instruction);
  }
}
