package io.drkit.aws;

import software.amazon.awssdk.core.SdkClient;

/**
 * Where {@link AwsClients} get their clients from, if they do not build them: {@link AwsClientsBuilder#clientsFrom}. A method that
 * returns a client of any type is one, {@code cloud::client} of the testkit's fake cloud for example.
 */
@FunctionalInterface
public interface AwsClientSource {

  /**
   * Returns a client. Called once for each type and region, when it is first needed.
   *
   * @param type the client's type, for example {@code RdsClient.class}
   * @param region where its requests go, for example {@code us-west-2}; for a service that serves the whole world its control plane's home
   */
  <C extends SdkClient> C client(Class<C> type, String region);
}
