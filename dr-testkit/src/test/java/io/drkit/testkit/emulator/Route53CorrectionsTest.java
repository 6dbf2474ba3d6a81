package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.HealthCheckAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

/** What the fake of Route 53 does not have; what both have is held to the one contract. */
@WithAwsEmulator
class Route53CorrectionsTest {
  private final Route53Client dns;

  Route53CorrectionsTest(AwsEmulator emulator) {
    dns = Clients.once(emulator, Route53Client.builder(), "us-west-2");
  }

  @Test
  void aCallerReferenceCreatesOneHealthCheck() {
    String first = healthCheck(80);

    assertThat(healthCheck(80)).isEqualTo(first);
    assertThatThrownBy(() -> healthCheck(81)).isInstanceOf(HealthCheckAlreadyExistsException.class);
  }

  private String healthCheck(int port) {
    HealthCheckConfig config = HealthCheckConfig.builder()
        .type("HTTP")
        .ipAddress("192.0.2.1")
        .port(port)
        .resourcePath("/")
        .build();
    return dns.createHealthCheck(
            request -> request.callerReference("health").healthCheckConfig(config))
        .healthCheck()
        .id();
  }
}
