package io.drkit;

import java.util.List;

/** See {@link DrPlanBuilder#group}. */
final class StepGroup {
  private StepGroup() {}

  /** Lets steps fail, and adds the step that tells whether enough of them were reached. */
  static void add(String at, String name, double share, List<Step> steps, List<String> members) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          at + "group '" + name + "': share must be above 0 and up to 1: " + share);
    }
    List<Step> found =
        steps.stream().filter(step -> members.contains(step.name())).toList();
    if (members.isEmpty() || found.size() < members.size()) {
      throw new IllegalArgumentException(at + "group '" + name + "' is of " + members
          + ", but the steps added so far are " + steps.stream().map(Step::name).toList()
          + "; name each of its steps once, after adding it");
    }
    if (found.stream().map(Step::stage).distinct().count() > 1) {
      throw new IllegalArgumentException(at + "group '" + name + "' has steps of the stages "
          + found.stream().map(Step::stage).distinct().toList() + "; a group is of one stage");
    }
    int needed = (int) Math.ceil(share * found.size());
    FailoverAction enough = FailoverAction.check(
        needed + " of " + members + " are reached", context -> count(context, members, needed));
    steps.replaceAll(step -> members.contains(step.name()) ? step.bestEffort() : step);
    steps.add(Step.of(name, found.get(0).stage(), enough)
        .after(members.get(0), members.subList(1, members.size()).toArray(String[]::new)));
  }

  /** Looked at when all members have ended. */
  private static Progress count(ActionContext context, List<String> members, int needed) {
    List<String> missing =
        members.stream().filter(member -> context.evidence(member).isEmpty()).toList();
    int reached = members.size() - missing.size();
    return reached >= needed
        ? Progress.reached(Evidence.of("reached", reached + " of " + members.size()))
        : Progress.blocked("only " + reached + " of " + members.size() + " were reached, and "
            + needed + " are needed; missing: " + missing);
  }
}
