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
  }

  private EndpointUnavailableException(Need endpoint, String message) {
    super(message);
    this.endpoint = endpoint;
    this.declaredLost = true;
  }

  /**
   * Returns the refusal of a call to a site that was declared lost.
   *
   * @param endpoint what would have been called
   */
  public static EndpointUnavailableException declaredLost(Need endpoint) {
    return new EndpointUnavailableException(
        endpoint, "the " + endpoint + " was not called: " + endpoint.site() + " is declared lost");
  }

  /** {@return the endpoint} */
  public Need endpoint() {
    return endpoint;
  }

  /** {@return whether the call was refused because the site was declared lost} */
  public boolean siteDeclaredLost() {
    return declaredLost;
  }
}
