package io.drkit;

/** See {@link FailoverAction#once}. */
record OnceAction(String description, int version, Effect effect) implements FailoverAction {
  OnceAction {
    if (version < 1) {
      throw new IllegalArgumentException(
          "version of '" + description + "' must be 1 or more: " + version);
    }
  }

  @Override
  public String describe() {
    return description + " (version " + version + ")";
  }

  @Override
  public Progress observe(ActionContext context) {
    return context.applied() ? Progress.reached() : Progress.pending("not done yet in this run");
  }

  @Override
  public void apply(ActionContext context) throws Exception {
    effect.apply(context);
  }

  @Override
  public Repeatability repeatability() {
    return Repeatability.unsafe();
  }
}
