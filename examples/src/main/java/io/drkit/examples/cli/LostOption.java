package io.drkit.examples.cli;

import io.drkit.Site;
import io.drkit.examples.orders.Orders;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The sites that are given up. */
final class LostOption {
  @Option(
      names = "--lost",
      arity = "1..*",
      paramLabel = "SITE",
      description = "Sites that are given up: nothing is asked of them any more, and a fence that"
          + " cannot be proven there is shown as owed.")
  private List<String> names = new ArrayList<>();

  /**
   * {@return the sites}
   *
   * @throws RefusalException if the plan has no such site
   */
  List<Site> sites() {
    return names.stream().map(LostOption::site).distinct().toList();
  }

  /** {@return the option as it was given, to be given once more} */
  String option() {
    return names.isEmpty() ? "" : " --lost " + String.join(" ", names);
  }

  private static Site site(String name) {
    return Orders.SITES.stream()
        .filter(site -> site.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new RefusalException("--lost: the plan '" + Orders.PLAN
            + "' has no site '" + name + "'; it has " + Orders.SITES));
  }
}
