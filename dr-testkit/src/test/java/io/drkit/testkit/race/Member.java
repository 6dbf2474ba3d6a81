package io.drkit.testkit.race;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import io.drkit.testkit.race.Link.Fate;
import java.time.Duration;
import java.util.List;

/** A process on a machine of its own, behind networks of its own. */
final class Member {
  /** Not longer: a start that its process does not survive is played until here, while a paused run is looked at every 3 seconds. */
  private static final Duration LONGER_THAN_THE_STORY = ofDays(1);

  private final Swarm swarm;
  final String name;
  final Host host;
  final Link journal;
  final Link leases;
  final Link sites;
  private final DrEngine engine;

  Member(Swarm swarm, String name) {
    this.swarm = swarm;
    this.name = name;
    boolean wrong = swarm.weather.wrongClocks();
    this.host = new Host(
        swarm.time,
        wrong ? 0.9 + 0.2 * swarm.random.nextDouble() : 1,
        wrong ? swarm.upTo(ofHours(2)).minusHours(1) : Duration.ZERO);
    this.journal =
        new Link(swarm, host, why -> new JournalException("no journal for " + name + ": " + why));
    this.leases =
        new Link(swarm, host, why -> new DrException("no leases for " + name + ": " + why));
    this.sites = new Link(swarm, host, why -> new DrException("no site for " + name + ": " + why));
    this.engine = DrEngine.builder()
        .journal(new DistantJournal())
        .leases(LeaseStore.over(new DistantTable(), host, Swarm.LEASE))
        .time(host)
        .requestTimeLimit(Swarm.LIMIT)
        .lookInterval(ofSeconds(3))
        .owner(name)
        .build();
  }

  DrEngine engine() {
    return engine;
  }

  /** Something happens to the process, its machine or its networks. */
  void mishap() {
    switch (swarm.random.nextInt(8)) {
      case 0, 1 -> {
        if (swarm.weather.sleep()) {
          swarm.time.schedule(swarm.upTo(Swarm.LEASE), this::sleep);
        }
      }
      case 2, 3, 4 -> {
        if (swarm.weather.cuts()) {
          List.of(journal, leases, sites).get(swarm.random.nextInt(3)).cut();
        }
      }
      case 5 -> {
        if (swarm.weather.wrongClocks()) {
          wrongClock();
        }
      }
      default -> mend();
    }
    swarm.probes.hitIf(journal.onlyBackIsCut(), Rare.ONLY_THE_WAY_BACK_FROM_THE_JOURNAL_IS_CUT);
    swarm.probes.hitIf(leases.onlyBackIsCut(), Rare.ONLY_THE_WAY_BACK_FROM_THE_LEASES_IS_CUT);
    swarm.probes.hitIf(sites.onlyBackIsCut(), Rare.ONLY_THE_WAY_BACK_FROM_A_SITE_IS_CUT);
  }

  private void sleep() {
    if (!host.awake() || swarm.calm) {
      return;
    }
    boolean forGood = swarm.random.nextInt(8) == 0;
    boolean suspended = swarm.random.nextBoolean();
    Duration length = forGood
        ? LONGER_THAN_THE_STORY
        : swarm.upTo(Swarm.LEASE.multipliedBy(swarm.random.nextBoolean() ? 1 : 10));
    swarm.probes.hitIf(swarm.asking(name), Rare.A_PROCESS_FALLS_ASLEEP_DURING_A_REQUEST);
    boolean longer = length.compareTo(Swarm.LEASE) > 0 && swarm.holder().equals(name);
    swarm.probes.hitIf(longer && !suspended, Rare.A_PROCESS_SLEEPS_LONGER_THAN_ITS_LEASE);
    swarm.probes.hitIf(longer && suspended, Rare.A_MACHINE_IS_SUSPENDED_LONGER_THAN_ITS_LEASE);
    host.sleep(length, suspended);
    if (forGood) {
      swarm.probes.hit(Rare.A_PROCESS_DIES_FOR_GOOD);
      swarm.replace(this);
    }
  }

  private void wrongClock() {
    switch (swarm.random.nextInt(6)) {
      case 0 -> host.jump(ofDays(1));
      case 1 -> {
        host.jump(ofDays(-1));
        swarm.probes.hit(Rare.A_CLOCK_IS_SET_BACK);
      }
      case 2 -> host.jump(swarm.upTo(ofMinutes(10)).negated());
      case 3 -> host.jump(ofSeconds(swarm.random.nextBoolean() ? 1 : -1));
      case 4 -> {
        host.standStill();
        swarm.probes.hit(Rare.A_CLOCK_STANDS_STILL);
      }
      default -> host.setRight();
    }
  }

  void mend() {
    journal.mend();
    leases.mend();
    sites.mend();
  }

  /** Starts the run, or takes it over. */
  void run() {
    try {
      if (swarm.journal.read("orders").records().isEmpty()) {
        swarm.since = swarm.since == null ? swarm.time.now() : swarm.since;
        engine.failover(
            Targets.plan(swarm, this),
            swarm.weather.wrongClocks()
                ? Declaration.of("on-call")
                : Declaration.of("on-call").since(swarm.since));
      } else {
        engine.resume(Targets.plan(swarm, this), "on-call", List.of());
      }
    } catch (DrException expected) {
      swarm.probes.hit(Rare.A_START_IS_REFUSED);
    }
  }

  /** The journal behind the network. */
  private final class DistantJournal implements Journal {
    @Override
    public void append(String plan, long expectedNext, List<String> records) {
      journal.send(
          () -> {
            swarm.append(expectedNext, records);
            return "";
          },
          fate -> swarm.sawAppend(fate, records));
      swarm.checkKept(expectedNext, records);
    }

    @Override
    public Log read(String plan) {
      return journal.send(() -> swarm.journal.read(plan), fate -> {});
    }

    @Override
    public List<String> read(String plan, long from) {
      return journal.send(() -> swarm.journal.read(plan, from), fate -> {});
    }
  }

  /** The table of leases behind the network. */
  private final class DistantTable implements LeaseTable {
    @Override
    public Entry read(String plan) {
      return leases.send(() -> swarm.table.read(plan), fate -> {});
    }

    @Override
    public boolean replace(String plan, Entry expected, Entry next) {
      boolean takes = next.epoch() > expected.epoch();
      return leases.send(
          () -> {
            boolean done = swarm.table.replace(plan, expected, next);
            if (done && takes) {
              swarm.leaseTaken(expected);
            }
            return done;
          },
          fate -> saw(fate, takes));
    }

    private void saw(Fate fate, boolean takes) {
      switch (fate) {
        case NOT_ANSWERED ->
          swarm.probes.hit(
              takes
                  ? Rare.A_LEASE_IS_TAKEN_BUT_NOT_ANSWERED
                  : Rare.A_RENEWAL_IS_DONE_BUT_NOT_ANSWERED);
        case ARRIVED_TWICE -> swarm.probes.hit(Rare.A_LEASE_WRITE_ARRIVES_TWICE);
        case ARRIVED_LATE -> swarm.probes.hit(Rare.A_LEASE_WRITE_ARRIVES_LATE_AND_IS_DONE);
        case ARRIVED_TOO_LATE -> swarm.probes.hit(Rare.A_LEASE_WRITE_ARRIVES_LATE_AND_IS_REFUSED);
        default -> {
          // Common.
        }
      }
    }
  }
}
