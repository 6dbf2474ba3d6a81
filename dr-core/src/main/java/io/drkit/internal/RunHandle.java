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

/** A run of this process in a user's hand: the same levers as from any other process, heeded at once. */
record RunHandle(DrPlan plan, Runner runner, RunControl control) implements DrRun {

  @Override
  public String id() {
    return runner.id();
  }

  @Override
  public RunReport report() {
    return runner.report();
  }

  @Override
  public CompletableFuture<RunReport> ended() {
    return runner.ended();
  }

  @Override
  public RunReport await() throws InterruptedException {
    return runner.await();
  }

  @Override
  public void pause(Instruction instruction) {
    control.pause(instruction);
    runner.heed();
  }

  @Override
  public void continueRun(Instruction instruction) {
    control.continueRun(instruction);
    runner.heed();
  }

  @Override
  public void cancel(Instruction instruction) {
    control.cancel(instruction);
    runner.heed();
  }

  @Override
  public void commit(Instruction instruction) {
    control.commit(instruction);
    runner.heed();
  }

  @Override
  public void rollback(Instruction instruction) {
    control.rollback(instruction);
    runner.heed();
  }

  @Override
  public void switchTo(RunMode mode, Instruction instruction, Site... lost) {
    control.switchTo(mode, instruction, lost);
    runner.heed();
  }

  @Override
  public void switchStep(String step, RunMode mode, Instruction instruction) {
    control.switchStep(step, mode, instruction);
    runner.heed();
  }

  @Override
  public void skip(String step, Instruction instruction) {
    control.skip(step, instruction);
    runner.heed();
  }

  @Override
  public void abandon(String step, Instruction instruction) {
    control.abandon(step, instruction);
    runner.heed();
  }

  @Override
  public void retry(String step, Instruction instruction) {
    control.retry(step, instruction);
    runner.heed();
  }

  @Override
  public List<ApprovalRequest> approvals() {
    return control.approvals();
  }

  @Override
  public void approve(ApprovalRequest request, Instruction instruction) {
    control.approve(request, instruction);
    runner.heed();
  }

  @Override
  public void decline(ApprovalRequest request, Instruction instruction) {
    control.decline(request, instruction);
    runner.heed();
  }

  @Override
  public void decide(String step, Decision decision, Instruction instruction) {
    control.decide(step, decision, instruction);
    runner.heed();
  }
}
