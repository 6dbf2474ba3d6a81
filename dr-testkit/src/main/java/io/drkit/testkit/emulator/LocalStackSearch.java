package io.drkit.testkit.emulator;

import java.util.Map;

/** Whether LocalStack can be started here, asked without loading a class of its library. */
final class LocalStackSearch {
  private LocalStackSearch() {}

  /**
   * Starts LocalStack in a container.
   *
   * @throws EmulatorAbsentException if its library or a Docker engine is missing, or the container does not start
   */
  static AwsEmulator start(Map<String, String> environment) throws EmulatorAbsentException {
    try {
      Class.forName(LocalStackContainer.LIBRARY, false, LocalStackSearch.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new EmulatorAbsentException(
          "LocalStack needs cloud.localstack:localstack-utils on the class path.", missing);
    }
    DockerEngine.at(environment).check();
    return LocalStackContainer.start();
  }
}
