package io.drkit.testkit.contract;

import io.drkit.lease.Grant;
import io.drkit.lease.WriteLeaseStore;
import java.util.HashMap;
import java.util.Map;

/** A store of registers that say which site may write, with something wrong in it. */
final class WrongRegisters implements WriteLeaseStore {

  /** What is wrong, and the test of the contract that fails for it at least. */
  enum Wrong {
    NOTHING(""),
    ZONES_ARE_TAKEN_FOR_THEIR_REGION("aRegisterIsReadAsItWasWritten"),
    FENCING_EVERYBODY_REMOVES_THE_REGISTER("aRegisterIsReadAsItWasWritten"),
    NAMES_SHARE_A_REGISTER("aRegisterIsReadAsItWasWritten"),
    EXPECTATIONS_ARE_IGNORED("whoExpectsSomethingElseChangesNothing"),
    WHAT_IS_NOT_THERE_IS_MADE("whoExpectsSomethingElseChangesNothing"),
    INSTANCES_HAVE_REGISTERS_OF_THEIR_OWN("anotherInstanceReadsAndChangesIt"),
    INSTANCES_REMEMBER_WHAT_THEY_READ("anotherInstanceReadsAndChangesIt"),
    LOOKING_AND_CHANGING_ARE_TWO_STEPS("ofManyWhoChangeItAtOnceOneDoes");

    final String found;

    Wrong(String found) {
      this.found = found;
    }
  }

  private final Wrong wrong;
  private final Map<String, Grant> grants;
  private final Map<String, Grant> remembered = new HashMap<>();
  private final Meeting meeting = new Meeting();

  WrongRegisters(Wrong wrong) {
    this(wrong, new HashMap<>());
  }

  private WrongRegisters(Wrong wrong, Map<String, Grant> grants) {
    this.wrong = wrong;
    this.grants = grants;
  }

  /** Another instance, as another process would open it. */
  WrongRegisters reopen() {
    return wrong == Wrong.INSTANCES_HAVE_REGISTERS_OF_THEIR_OWN
        ? new WrongRegisters(wrong)
        : new WrongRegisters(wrong, grants);
  }

  private String key(String name) {
    return wrong == Wrong.NAMES_SHARE_A_REGISTER ? "the only one" : name;
  }

  @Override
  public Grant read(String name) {
    synchronized (grants) {
      Grant grant = grants.getOrDefault(key(name), Grant.NONE);
      return wrong == Wrong.INSTANCES_REMEMBER_WHAT_THEY_READ
          ? remembered.computeIfAbsent(name, first -> grant)
          : grant;
    }
  }

  @Override
  public boolean replace(String name, Grant expected, Grant next) {
    if (!isExpected(name, expected)) {
      return false;
    }
    if (wrong == Wrong.LOOKING_AND_CHANGING_ARE_TWO_STEPS) {
      meeting.waitForAnother();
    }
    synchronized (grants) {
      if (!isExpected(name, expected) && wrong != Wrong.LOOKING_AND_CHANGING_ARE_TWO_STEPS) {
        return false;
      }
      remembered.remove(name);
      if (wrong == Wrong.FENCING_EVERYBODY_REMOVES_THE_REGISTER && next.site().isEmpty()) {
        grants.remove(key(name));
      } else {
        grants.put(key(name), stored(next));
      }
      return true;
    }
  }

  private boolean isExpected(String name, Grant expected) {
    synchronized (grants) {
      Grant grant = grants.getOrDefault(key(name), Grant.NONE);
      return switch (wrong) {
        case EXPECTATIONS_ARE_IGNORED -> true;
        case WHAT_IS_NOT_THERE_IS_MADE -> grant.equals(expected) || grant.equals(Grant.NONE);
        default -> grant.equals(expected);
      };
    }
  }

  private Grant stored(Grant next) {
    return wrong == Wrong.ZONES_ARE_TAKEN_FOR_THEIR_REGION
        ? new Grant(
            next.epoch(),
            next.site().map(site -> site.region().orElse(site)),
            next.by(),
            next.drain())
        : next;
  }
}
