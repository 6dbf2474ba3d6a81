package io.drkit.file;

import java.util.regex.Pattern;

/** The rule for a plan's name, once more: here it becomes part of a file's name and of a line. */
final class PlanName {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private PlanName() {}

  static String checked(String plan) {
    if (!NAME.matcher(plan).matches()) {
      throw new IllegalArgumentException(
          "a plan's name must be 1 to 64 letters, digits, dots, dashes or underscores: '" + plan
              + "'; it names files");
    }
    return plan;
  }
}
