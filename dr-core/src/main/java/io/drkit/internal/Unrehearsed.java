package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Repeatability;

/** A state that cannot be rehearsed: skipped when the rehearsal begins, but for runs of earlier builds. */
record Unrehearsed(String step) implements FailoverAction {
  @Override
  public String describe() {
    return "'" + step + "' is rehearsed";
  }

  @Override
  public Progress observe(ActionContext context) {
    return Progress.blocked(why());
  }

  String why() {
    return "'" + step
        + "' has no isolated variant, so this says nothing about it; give its action a rehearsal()";
  }

  @Override
  public void apply(ActionContext context) {
    throw new IllegalStateException("it is never asked for");
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.idempotent();
  }
}
