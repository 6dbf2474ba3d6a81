package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Repeatability;
import io.drkit.Reversibility;
import io.drkit.Step;

/**
 * A state that the library cannot take back.
 *
 * @param step what brought it about
 * @param broken whether its action promised a way back and gave none
 */
record Stays(String step, boolean broken) implements FailoverAction {
  static Stays after(Step step) {
    return new Stays(step.name(), step.action().reversibility() == Reversibility.REVERSIBLE);
  }

  @Override
  public String describe() {
    return "what '" + step + "' did is taken back";
  }

  @Override
  public Progress observe(ActionContext context) {
    return Progress.blocked(
        broken
            ? "'" + step
                + "' is called REVERSIBLE, but its action gave no undo for what was journaled;"
                + " take it back by hand, and mend its undo(...)"
            : "what '" + step
                + "' did cannot be taken back by this library; look whether it matters, and take it back by hand");
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
