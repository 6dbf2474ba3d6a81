package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Direction;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.spi.EventLoop;
import io.drkit.spi.TimeSource;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final Need EC2 = Need.control("ec2", WEST);

  private Duration now = Duration.ZERO;
  private final TimeSource time = new TimeSource() {
    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public Duration uptime() {
      return now;
    }

    @Override
    public EventLoop loop(String name) {
      throw new AssertionError("no test needs it");
    }
  };
  private final Endpoints endpoints = new Endpoints(time);

  private StepContext context(Site... lost) {
    return new StepContext(
        new StepContext.Shared(
            "orders",
            "r1",
            new Direction(EAST, WEST),
            Optional.empty(),
            1,
            Duration.ofSeconds(10),
            time,
            endpoints,
            new java.util.concurrent.atomic.AtomicBoolean()),
        new StepContext.View(RunMode.FAILOVER, List.of(lost), Map.of(), Map.of(), Map.of()),
        "launch");
  }

  private static String refuse() throws ConnectException {
    throw new ConnectException("connection refused");
  }

  @Test
  void anEndpointThatDoesNotAnswerIsNotCalledAgainAtOnce() {
    assertThatThrownBy(() -> context().call(EC2, EndpointsTest::refuse))
        .isInstanceOf(ConnectException.class);

    assertThatThrownBy(() -> context().call(EC2, () -> "never called"))
        .isInstanceOf(EndpointUnavailableException.class)
        .hasMessage(
            "the ec2 control plane in us-west-2 was not called again yet: its last call failed");
  }

  @Test
  void otherEndpointsGoOn() throws Exception {
    assertThatThrownBy(() -> context().call(EC2, EndpointsTest::refuse))
        .isInstanceOf(ConnectException.class);

    assertThat(context().call(Need.control("rds", WEST), () -> "db")).isEqualTo("db");
    assertThat(context().call(Need.control("ec2", EAST), () -> "other region"))
        .isEqualTo("other region");
  }

  @Test
  void oneCallTriesAgainAfterAWhile() throws Exception {
    assertThatThrownBy(() -> context().call(EC2, EndpointsTest::refuse))
        .isInstanceOf(ConnectException.class);
    now = now.plusSeconds(2);

    assertThat(context().call(EC2, () -> "back")).isEqualTo("back");
    assertThat(context().call(EC2, () -> "still back")).isEqualTo("still back");
  }

  @Test
  void aRefusedRequestDoesNotSpeakAgainstTheEndpoint() throws Exception {
    assertThatThrownBy(() -> context().call(EC2, () -> {
          throw new IllegalArgumentException("no such image");
        }))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(context().call(EC2, () -> "fine")).isEqualTo("fine");
  }

  @Test
  void theEnginesTimeLimitSpeaksAgainstTheEndpointThatWasBeingCalled() {
    StepContext hanging = context();
    assertThatThrownBy(() -> hanging.call(EC2, () -> {
          throw new Error("the call never returns");
        }))
        .isInstanceOf(Error.class);
    hanging.over(new TimeoutException("no answer within PT10S"));

    assertThatThrownBy(() -> context().call(EC2, () -> "never called"))
        .isInstanceOf(EndpointUnavailableException.class);
  }

  @Test
  void aSiteThatIsDeclaredLostIsNotCalledButAGlobalControlPlaneInItIs() throws Exception {
    assertThatThrownBy(() ->
            context(EAST).call(Need.control("ec2", EAST.zone("us-east-1a")), () -> "never called"))
        .isInstanceOf(EndpointUnavailableException.class)
        .hasMessageContaining("us-east-1a is declared lost");
    assertThat(context(EAST).call(Need.globalControl("route53", EAST), () -> "changed"))
        .isEqualTo("changed");
  }

  @Test
  void tokensAreTheSameForTheSamePartAndDifferOtherwise() {
    assertThat(context().token("run")).hasSize(64).isEqualTo(context().token("run"));
    assertThat(context().token("run")).isNotEqualTo(context().token("tag"));
  }

  @Test
  void aCallThatIsOverMustNotCallOn() {
    StepContext late = context();
    late.over(new TimeoutException("no answer within PT10S"));

    assertThatThrownBy(() -> late.call(EC2, () -> "never called"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step 'launch': this call is over")
        .hasMessageContaining("ec2 control plane in us-west-2");
  }

  @Test
  void aCallWhoseRunWasEndedMeanwhileDoesNotKeepItsEndpointClosedForEver() throws Exception {
    assertThatThrownBy(() -> context().call(EC2, EndpointsTest::refuse))
        .isInstanceOf(ConnectException.class);
    now = now.plusSeconds(2);
    // The trial; nobody is left to tell how it ended.
    assertThat(endpoints.begin(EC2)).isNotNull();
    now = now.plusSeconds(29);
    assertThatThrownBy(() -> context().call(EC2, () -> "never called"))
        .isInstanceOf(EndpointUnavailableException.class);
    now = now.plusSeconds(1);
    assertThatThrownBy(() -> context().call(EC2, () -> "never called"))
        .isInstanceOf(EndpointUnavailableException.class);
    now = now.plusSeconds(5);

    assertThat(context().call(EC2, () -> "answered")).isEqualTo("answered");
  }

  /** The engine's time limit tells it first; what the call says long after that is about another time. */
  @Test
  void anAnswerThatComesAfterTheTimeLimitDoesNotCloseTheBreaker() throws Exception {
    Endpoints.Guarded late = endpoints.begin(EC2);
    late.tell(new TimeoutException("no answer within PT10S"));

    assertThat(late.call(() -> "at last")).isEqualTo("at last");
    assertThatThrownBy(() -> endpoints.begin(EC2)).isInstanceOf(EndpointUnavailableException.class);
  }
}
