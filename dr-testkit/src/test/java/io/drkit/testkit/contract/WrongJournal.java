package io.drkit.testkit.contract;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A journal with something wrong in it. */
final class WrongJournal implements Journal {

  /** What is wrong, and the test of the contract that fails for it at least. */
  enum Wrong {
    NOTHING(""),
    NO_LOG_IS_AN_ERROR("aPlanWithoutALogIsEmpty"),
    RECORDS_ARE_SORTED("recordsAreReadInTheirOrder"),
    RECORDS_ARE_TRIMMED("aRecordIsReadAsItWasGiven"),
    INSTANCES_HAVE_LOGS_OF_THEIR_OWN("anotherInstanceGoesOnFromThere"),
    POSITIONS_ARE_IGNORED("anAppendThatExpectsAnotherPositionAddsNothing"),
    A_FIRST_APPEND_EXPECTS_ANYTHING("aFirstAppendThatExpectsALogAddsNothing"),
    AN_INSTANCE_KNOWS_ITS_OWN_APPENDS_ONLY("anInstanceThatWasOvertakenLearnsOfIt"),
    A_CONFLICT_ADDS_ALL_THE_SAME("instancesThatRaceLoseAndDoubleNothing"),
    LINE_FEEDS_ARE_TAKEN("aRecordWithALineBreakIsRefused"),
    CARRIAGE_RETURNS_ARE_TAKEN("aRecordWithALineBreakIsRefused"),
    WHAT_CAME_BEFORE_A_REFUSED_RECORD_IS_KEPT("aRecordWithALineBreakIsRefused"),
    NOTHING_IS_APPENDED("anAppendOfNothingIsRefused"),
    THE_CALLERS_LIST_IS_KEPT("whatWasReadDoesNotChange"),
    WHAT_WAS_READ_CAN_BE_CHANGED("whatWasReadDoesNotChange"),
    PLANS_SHARE_A_LOG("plansDoNotMix"),
    THE_END_IS_THE_WHOLE("theEndOfALogIsReadFromAnyPosition"),
    MISSING_RECORDS_ARE_NOT_MISSED("theEndOfALogIsReadFromAnyPosition"),
    NOTHING_IS_COMPACTED("whatALogWasCompactedToTakesTheNextPositions"),
    POSITIONS_BEGIN_ANEW_WITH_A_COMPACTION("whatALogWasCompactedToTakesTheNextPositions"),
    COMPACTED_RECORDS_ARE_NOT_MISSED("whoeverWasOvertakenByACompactionConflicts"),
    EVERYTHING_MAY_BE_COMPACTED_AWAY("aCompactionThatMakesNoSenseChangesNothing");

    final String found;

    Wrong(String found) {
      this.found = found;
    }
  }

  private final Wrong wrong;
  private final Journal right;
  private final List<List<String>> given;
  private long mine;

  WrongJournal(Wrong wrong) {
    this(wrong, Journal.inMemory(), new CopyOnWriteArrayList<>());
  }

  private WrongJournal(Wrong wrong, Journal right, List<List<String>> given) {
    this.wrong = wrong;
    this.right = right;
    this.given = given;
  }

  /** Another instance, as another process would open it. */
  WrongJournal reopen() {
    return wrong == Wrong.INSTANCES_HAVE_LOGS_OF_THEIR_OWN
        ? new WrongJournal(wrong)
        : new WrongJournal(wrong, right, given);
  }

  private String log(String plan) {
    return wrong == Wrong.PLANS_SHARE_A_LOG ? "the only one" : plan;
  }

  @Override
  public void append(String plan, long expectedNext, List<String> records) {
    String log = log(plan);
    long next = right.read(log).next();
    switch (wrong) {
      case RECORDS_ARE_TRIMMED ->
        right.append(log, expectedNext, records.stream().map(String::trim).toList());
      case POSITIONS_ARE_IGNORED -> right.append(log, next, records);
      case A_FIRST_APPEND_EXPECTS_ANYTHING ->
        right.append(log, next == 0 ? 0 : expectedNext, records);
      case AN_INSTANCE_KNOWS_ITS_OWN_APPENDS_ONLY -> {
        right.append(log, expectedNext == mine ? next : expectedNext, records);
        mine = expectedNext + records.size();
      }
      case A_CONFLICT_ADDS_ALL_THE_SAME -> addAllTheSame(log, expectedNext, records);
      case LINE_FEEDS_ARE_TAKEN -> right.append(log, expectedNext, without("\n", records));
      case CARRIAGE_RETURNS_ARE_TAKEN -> right.append(log, expectedNext, without("\r", records));
      case WHAT_CAME_BEFORE_A_REFUSED_RECORD_IS_KEPT -> oneByOne(log, expectedNext, records);
      case THE_CALLERS_LIST_IS_KEPT -> {
        right.append(log, expectedNext, records);
        given.add(records);
      }
      case NOTHING_IS_APPENDED -> {
        if (!records.isEmpty()) {
          right.append(log, expectedNext, records);
        }
      }
      default -> right.append(log, expectedNext, records);
    }
  }

  private static List<String> without(String lineBreak, List<String> records) {
    return records.stream().map(record -> record.replace(lineBreak, " ")).toList();
  }

  private void addAllTheSame(String log, long expectedNext, List<String> records) {
    synchronized (right) {
      try {
        right.append(log, expectedNext, records);
      } catch (JournalConflictException conflict) {
        right.append(log, right.read(log).next(), records);
        throw conflict;
      }
    }
  }

  private void oneByOne(String log, long expectedNext, List<String> records) {
    if (records.stream().noneMatch(record -> record.contains("\n") || record.contains("\r"))) {
      right.append(log, expectedNext, records);
      return;
    }
    for (int i = 0; i < records.size(); i++) {
      right.append(log, right.read(log).next(), records.subList(i, i + 1));
    }
  }

  @Override
  public Log read(String plan) {
    Log log = right.read(log(plan));
    return switch (wrong) {
      case NO_LOG_IS_AN_ERROR -> {
        if (log.records().isEmpty()) {
          throw new JournalException("plan '" + plan + "' has no log");
        }
        yield log;
      }
      case THE_CALLERS_LIST_IS_KEPT ->
        new Log(0, given.stream().flatMap(List::stream).toList());
      case RECORDS_ARE_SORTED ->
        new Log(log.first(), log.records().stream().sorted().toList());
      case POSITIONS_BEGIN_ANEW_WITH_A_COMPACTION -> new Log(0, log.records());
      default -> log;
    };
  }

  @Override
  public List<String> read(String plan, long from) {
    Log log = read(plan);
    return switch (wrong) {
      case WHAT_WAS_READ_CAN_BE_CHANGED -> new ArrayList<>(right.read(log(plan), from));
      case THE_END_IS_THE_WHOLE -> log.records();
      case MISSING_RECORDS_ARE_NOT_MISSED ->
        from > log.next() ? List.of() : right.read(log(plan), from);
      case COMPACTED_RECORDS_ARE_NOT_MISSED -> right.read(log(plan), Math.max(from, log.first()));
      default -> right.read(log(plan), from);
    };
  }

  @Override
  public void compact(String plan, long expectedNext, List<String> kept) {
    switch (wrong) {
      case NOTHING_IS_COMPACTED -> right.read(log(plan));
      case EVERYTHING_MAY_BE_COMPACTED_AWAY -> {
        if (!kept.isEmpty()) {
          right.compact(log(plan), expectedNext, kept);
        }
      }
      default -> right.compact(log(plan), expectedNext, kept);
    }
  }
}
