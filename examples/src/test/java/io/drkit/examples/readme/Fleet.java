package io.drkit.examples.readme;

import io.drkit.Site;

/** An API of the reader's own that the code blocks of the READMEs are written against. */
public interface Fleet {

  /** Counts what runs. */
  int running(Site site);

  /** Asks for one more; the same token gives no second one. */
  String launch(Site site, String token);
}
