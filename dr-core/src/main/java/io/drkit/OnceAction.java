package io.drkit;

/** See {@link FailoverAction#once}. */
record OnceAction(String description, int version, Reversibility reversibility, Effect effect)
    implements FailoverAction {
  OnceAction {
    if (version < 1) {
      throw new IllegalArgumentException(
          "version of '" + description + "' must be 1 or more: " + version);
    }
    if (reversibility == Reversibility.REVERSIBLE) {
      throw new IllegalArgumentException(
          "'" + description
              + "' cannot be REVERSIBLE: nobody can look up what it did; call it COMPENSABLE or ONE_WAY");
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
