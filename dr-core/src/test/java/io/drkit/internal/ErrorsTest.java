package io.drkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Site;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static final Need EC2 = Need.control("ec2", Site.region("us-west-2"));

  @Test
  void anExceptionIsOneLineThatSaysWhatItIs() {
    assertThat(Errors.describe(new DrException("plan 'orders' is gone\nand more")))
        .isEqualTo("plan 'orders' is gone");
    assertThat(Errors.describe(new TimeoutException("no answer within PT1S")))
        .isEqualTo("no answer within PT1S");
    assertThat(Errors.describe(new IOException("no route\nto host")))
        .isEqualTo("IOException: no route");
    assertThat(Errors.describe(new IOException())).isEqualTo("IOException");
    assertThat(Errors.describe(new IOException(" \n "))).isEqualTo("IOException");
  }

  @Test
  void whatAFutureFailedWithIsItsOwnKindWhereThatCanBeThrown() {
    DrException cause = new DrException("the lease is lost");
    assertThat(Errors.unwrapped(new CompletionException(cause))).isSameAs(cause);
    CompletionException checked = new CompletionException(new IOException("disk full"));
    assertThat(Errors.unwrapped(checked)).isSameAs(checked);
  }

  @Test
  void onlyACallThatWasRefusedHereWasNotSent() {
    assertThat(Errors.notSent(EndpointUnavailableException.notAskedAgain(EC2))).isTrue();
    assertThat(Errors.notSent(new EndpointUnavailableException(EC2, "no answer", null)))
        .isFalse();
    assertThat(Errors.notSent(new IOException("no route"))).isFalse();
  }

  @Test
  void aFailureSpeaksAgainstTheEndpointOrAgainstTheRequest() {
    assertThat(Errors.againstEndpoint(new DrException("x", new IOException("no route"))))
        .isTrue();
    assertThat(Errors.againstEndpoint(new TimeoutException())).isTrue();
    assertThat(Errors.againstEndpoint(new InterruptedException())).isTrue();
    assertThat(Errors.againstEndpoint(EndpointUnavailableException.notAskedAgain(EC2)))
        .isTrue();
    assertThat(Errors.againstEndpoint(new IllegalArgumentException("no such image")))
        .isFalse();
  }

  /** Exceptions that cause each other must not keep the engine for ever. */
  @Test
  void causesThatGoInARingAreFollowedForAWhileOnly() {
    IllegalStateException one = new IllegalStateException("one");
    one.initCause(new IllegalStateException("other", one));
    assertThat(Errors.againstEndpoint(one)).isFalse();
  }
}
