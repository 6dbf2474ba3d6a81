package io.drkit.aws;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;

/**
 * What goes wrong between the actions and AWS in a day without any disaster. Where the first launch takes effect and whoever asked for it
 * never hears of it, EC2 shows late what was launched, as its eventual consistency allows it: later than the engine waits before it asks
 * again, and before it would take the second request for one without effect as well. And users write while their objects are copied.
 */
final class Mishaps {
  /** What befalls the servers that are to be launched. */
  enum Kind {
    /** One of them runs already. */
    ONE_IS_LEFT,
    /** No zone has room for all of them. */
    LITTLE_ROOM,
    /** Who asked for the first launch hears nothing of it. */
    ANSWER_LOST,
    /** The process of who asked for the first launch ends before it hears of it. */
    DEATH
  }

  /** The end of a process. An error, so that no {@code catch (Exception e)} goes on after it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("the process is dead", null, false, false);
    }
  }

  private static final Duration SHOWN_AFTER_REPETITION = ofSeconds(45);
  private static final Duration SHOWN_AT_LAST = ofMinutes(15);
  private static final int COPIES_FOR_EACH_WRITE = 3;

  private final Kind kind;
  private final VirtualTime time;
  private final Runnable write;
  private final Set<String> unseen = new HashSet<>();
  private Instant shownAt = Instant.MIN;
  private boolean dead;
  private boolean happened;
  private int copies;

  /**
   * Creates those of a day.
   *
   * @param write how users write an object into the bucket that is copied
   */
  Mishaps(Kind kind, VirtualTime time, Runnable write) {
    this.kind = kind;
    this.time = time;
    this.write = write;
  }

  /** Whether the process that runs the plan has ended. */
  boolean dead() {
    return dead;
  }

  /** Another process begins. */
  void revive() {
    dead = false;
  }

  /** Whoever is dead asks for nothing; and users go on writing while their objects are copied. */
  void before(Object request) {
    live();
    if (request instanceof CopyObjectRequest && copies++ % COPIES_FOR_EACH_WRITE == 0) {
      write.run();
    }
  }

  /** Does nothing, except in a process that is dead. */
  void live() {
    if (dead) {
      throw new Death();
    }
  }

  /** What reaches the asker of an answer. */
  Object after(Object answer) {
    if (answer instanceof RunInstancesResponse launched) {
      launched(launched);
    }
    return answer instanceof DescribeInstancesResponse seen && time.now().isBefore(shownAt)
        ? seen.copy(all ->
            all.reservations(seen.reservations().stream().map(this::shown).toList()))
        : answer;
  }

  private void launched(RunInstancesResponse answer) {
    if (happened) {
      Instant soon = time.now().plus(SHOWN_AFTER_REPETITION);
      shownAt = soon.isBefore(shownAt) ? soon : shownAt;
    } else if (kind == Kind.ANSWER_LOST || kind == Kind.DEATH) {
      happened = true;
      shownAt = time.now().plus(SHOWN_AT_LAST);
      answer.instances().forEach(instance -> unseen.add(instance.instanceId()));
      dead = kind == Kind.DEATH;
      live();
      throw SdkClientException.create("Unable to execute HTTP request: Connection reset");
    }
  }

  private Reservation shown(Reservation reservation) {
    List<Instance> instances = reservation.instances().stream()
        .filter(instance -> !unseen.contains(instance.instanceId()))
        .toList();
    return reservation.copy(one -> one.instances(instances));
  }
}
