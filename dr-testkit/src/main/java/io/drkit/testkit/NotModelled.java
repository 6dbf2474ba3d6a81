package io.drkit.testkit;

/** The answer of a fake that has none: a guess would be a test that proves nothing. */
final class NotModelled {
  private NotModelled() {}

  static UnsupportedOperationException byFakeCloud(String what) {
    return new UnsupportedOperationException("not modelled by FakeCloud: " + what);
  }
}
