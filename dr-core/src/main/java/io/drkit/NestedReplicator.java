package io.drkit;

/** A replicator of a child plan in the whole. */
record NestedReplicator(String child, Replicator replicator) implements Replicator {
  @Override
  public String dataset() {
    return replicator.dataset();
  }

  @Override
  public ReplicationKind kind() {
    return replicator.kind();
  }

  @Override
  public FailoverAction established() {
    return new NestedAction(child, replicator.established());
  }

  @Override
  public FailoverAction retired() {
    return new NestedAction(child, replicator.retired());
  }

  @Override
  public FailoverAction promoted() {
    return new NestedAction(child, replicator.promoted());
  }

  @Override
  public boolean recoversToPointInTime() {
    return replicator.recoversToPointInTime();
  }

  @Override
  public ReplicationStatus status(ActionContext context) throws Exception {
    return replicator.status(new NestedAction.Inside(child, context));
  }
}
