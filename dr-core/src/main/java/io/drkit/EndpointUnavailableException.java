package io.drkit;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint does not answer, is not asked because it did not answer lately, or must not be asked because its site was
 * declared lost. Actions throw it from within {@link ActionContext#call} for failures that speak against the endpoint
 * rather than against the request; the engine's circuit breakers count these.
 */
public final class EndpointUnavailableException extends DrException {
  private static final long serialVersionUID = 1;

  private final transient Need endpoint;
  private final boolean declaredLost;
  private final boolean notSent;

  /**
   * Reports an endpoint that does not answer.
   *
   * @param endpoint which one
   * @param message one sentence: what happened
   * @param cause the failure
   */
  public EndpointUnavailableException(Need endpoint, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.endpoint = endpoint;
    this.declaredLost = false;
    this.notSent = false;
  }

  private EndpointUnavailableException(Need endpoint, String message, boolean declaredLost) {
    super(message);
    this.endpoint = endpoint;
    this.declaredLost = declaredLost;
    this.notSent = true;
  }

  /**
   * Returns the refusal of a call to a site that was declared lost.
   *
   * @param endpoint what would have been called
   */
  public static EndpointUnavailableException declaredLost(Need endpoint) {
    return new EndpointUnavailableException(
        endpoint,
        "the " + endpoint + " was not called: " + endpoint.site() + " is declared lost",
        true);
  }

  /**
   * Returns the refusal of a call to an endpoint that did not answer lately.
   *
   * @param endpoint what would have been called
   */
  public static EndpointUnavailableException notAskedAgain(Need endpoint) {
    return new EndpointUnavailableException(
        endpoint, "the " + endpoint + " was not called again yet: its last call failed", false);
  }

  /** {@return the endpoint} */
  public Need endpoint() {
    return endpoint;
  }

  /** {@return whether the call was refused because the site was declared lost} */
  public boolean siteDeclaredLost() {
    return declaredLost;
  }

  /** {@return whether the call was refused before anything was sent} */
  public boolean notSent() {
    return notSent;
  }
}
