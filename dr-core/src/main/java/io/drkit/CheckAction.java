package io.drkit;

import java.util.Optional;

/** See {@link FailoverAction#check}. */
record CheckAction(String description, Observation probe) implements FailoverAction {
  @Override
  public String describe() {
    return description;
  }

  @Override
  public Progress observe(ActionContext context) throws Exception {
    Progress progress = probe.observe(context);
    return progress.kind() == Progress.Kind.PENDING
        ? Progress.underway(progress.detail())
        : progress;
  }

  @Override
  public void apply(ActionContext context) {
    // Never called: a state that nobody asks for is waited for, and observe never says that asking
    // would help.
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }

  @Override
  public Reversibility reversibility() {
    return Reversibility.REVERSIBLE;
  }

  /** Looking changed nothing. */
  @Override
  public Optional<FailoverAction> undo(Evidence before) {
    return Optional.of(FailoverAction.check("nothing was changed", context -> Progress.reached()));
  }
}
