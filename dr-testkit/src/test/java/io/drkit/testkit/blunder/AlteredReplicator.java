package io.drkit.testkit.blunder;

import io.drkit.ActionContext;
import io.drkit.FailoverAction;
import io.drkit.ReplicationKind;
import io.drkit.ReplicationStatus;
import io.drkit.Replicator;
import java.util.function.UnaryOperator;

/** A replicator whose wanted states are somebody's own code. */
record AlteredReplicator(
    Replicator replicator,
    UnaryOperator<FailoverAction> copying,
    UnaryOperator<FailoverAction> promoting)
    implements Replicator {

  static Replicator promoting(Replicator replicator, UnaryOperator<FailoverAction> promoting) {
    return new AlteredReplicator(replicator, UnaryOperator.identity(), promoting);
  }

  static Replicator copying(Replicator replicator, UnaryOperator<FailoverAction> copying) {
    return new AlteredReplicator(replicator, copying, UnaryOperator.identity());
  }

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
    return copying.apply(replicator.established());
  }

  @Override
  public FailoverAction retired() {
    return replicator.retired();
  }

  @Override
  public FailoverAction promoted() {
    return promoting.apply(replicator.promoted());
  }

  @Override
  public boolean recoversToPointInTime() {
    return replicator.recoversToPointInTime();
  }

  @Override
  public ReplicationStatus status(ActionContext context) throws Exception {
    return replicator.status(context);
  }
}
