package io.drkit.internal;

import java.util.Arrays;

/**
 * Texts that come again and again in a journal, the names of runs and steps above all: kept once instead of once for each
 * record. It holds a bounded number of short ones and forgets older ones. Thread-safe.
 */
final class Words {
  private static final int SLOTS = 1 << 12;
  private static final int LONGEST = 64;

  // Written without a lock: a string may be handed from thread to thread so, and a lost one is only
  // made again.
  private final String[] slots = new String[SLOTS];

  Words() {
    Arrays.fill(slots, "");
  }

  /** {@return the text that some characters make} */
  String word(char[] text, int from, int length) {
    if (length > LONGEST) {
      return new String(text, from, length);
    }
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + text[i];
    }
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    String known = slots[slot];
    if (same(known, text, from, length)) {
      return known;
    }
    String word = new String(text, from, length);
    slots[slot] = word;
    return word;
  }

  private static boolean same(String word, char[] text, int from, int length) {
    if (word.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (word.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }
}
