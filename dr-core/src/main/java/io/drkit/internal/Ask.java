package io.drkit.internal;

import io.drkit.ApprovalRequest.Subject;
import io.drkit.spi.RunEvent.ApprovalRequested;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A request for consent, and who gave it. Changed by {@link RunState} only. */
final class Ask {
  final ApprovalRequested request;
  final Instant askedAt;
  private final List<String> given = new ArrayList<>();

  Ask(ApprovalRequested request, Instant askedAt) {
    this.request = request;
    this.askedAt = askedAt;
  }

  /** Whether somebody's consent counts. */
  boolean mayBeGivenBy(String by, String requestedBy) {
    boolean member = request.members().isEmpty() || request.members().contains(by);
    return member && (request.subject() != Subject.STEP || !by.equals(requestedBy));
  }

  void approve(String by) {
    if (!given.contains(by)) {
      given.add(by);
    }
  }

  List<String> given() {
    return List.copyOf(given);
  }

  boolean granted() {
    return given.size() >= request.needed();
  }
}
