package io.drkit.examples.readme;

/** What a service does only where it is the active one; stands in for the reader's own. */
public interface Jobs {
  /** Starts or stops them. */
  void setEnabled(boolean enabled);
}
