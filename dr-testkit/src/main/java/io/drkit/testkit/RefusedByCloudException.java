package io.drkit.testkit;

import io.drkit.DrException;

/** A fake cloud answered a request, and refused it whatever it was about. */
public final class RefusedByCloudException extends DrException {
  private static final long serialVersionUID = 1;

  /** Why a request is refused whatever it is about. */
  public enum Reason {
    /** Too many requests came. */
    THROTTLED,
    /** The caller's credentials are not accepted any more. */
    CREDENTIALS_EXPIRED
  }

  private final Reason reason;

  RefusedByCloudException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** {@return why} */
  public Reason reason() {
    return reason;
  }
}
