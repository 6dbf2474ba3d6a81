package io.drkit.internal;

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
