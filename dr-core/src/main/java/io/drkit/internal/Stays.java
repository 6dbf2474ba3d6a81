package io.drkit.internal;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.Progress;
import io.drkit.Repeatability;

/** A state that the library cannot take back. */
record Stays(String step) implements FailoverAction {
  @Override
  public String describe() {
    return "what '" + step + "' did is taken back";
  }

  @Override
  public Progress observe(ActionContext context) {
    return Progress.blocked(
        "what '" + step
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
