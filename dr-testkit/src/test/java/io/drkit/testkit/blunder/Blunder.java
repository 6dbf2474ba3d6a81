package io.drkit.testkit.blunder;

import java.util.function.Consumer;

/**
 * A mistake that a team can make in its plan, or in the actions that it writes for it.
 *
 * @param name what is wrong
 * @param noticedBy part of the sentence by which a user learns of it
 * @param mistake makes it in an otherwise right recipe
 */
record Blunder(String name, String noticedBy, Consumer<Recipe> mistake) {
  static final Blunder NONE = new Blunder("nothing is wrong", "", recipe -> {});

  @Override
  public String toString() {
    return name;
  }
}
