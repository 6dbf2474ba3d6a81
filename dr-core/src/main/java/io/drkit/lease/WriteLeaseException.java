package io.drkit.lease;

import io.drkit.DrException;

/** A write was refused, or was made and may have come too late, because this site does not hold the write lease. */
public final class WriteLeaseException extends DrException {
  private static final long serialVersionUID = 1;

  private final boolean writePossible;

  WriteLeaseException(String message, boolean writePossible) {
    super(message);
    this.writePossible = writePossible;
  }

  /** {@return whether the write may have been made all the same} */
  public boolean writePossible() {
    return writePossible;
  }
}
