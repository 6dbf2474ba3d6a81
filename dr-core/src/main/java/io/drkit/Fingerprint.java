package io.drkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A digest of everything in a plan that decides what a run asks for, and in which order. */
final class Fingerprint {
  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String of(DrPlan plan) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(
        plan.name(),
        plan.strategy().name(),
        plan.objective().toString(),
        plan.unfenced().orElse(""),
        plan.failback().toString(),
        plan.commitWindow().toString());
    plan.sites().forEach(site -> fingerprint.add(site.kind().name(), site.name(), site.parent()));
    for (Step step : plan.steps()) {
      fingerprint.add(step.name(), step.stage().name(), step.action().describe());
      fingerprint.add(step.action().repeatability().toString(), Boolean.toString(step.required()));
      List<String> predecessors = plan.predecessors(step.name());
      fingerprint.add(Integer.toString(predecessors.size()));
      predecessors.forEach(fingerprint::add);
      fingerprint.add(step.approval().map(Approval::toString).orElse(""));
      fingerprint.addLater(step);
    }
    plan.children()
        .forEach((path, child) -> fingerprint.add(
            path,
            child.strategy().name(),
            child.objective().toString(),
            child.unfenced().orElse(""),
            child.failback().toString()));
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  /**
   * Adds what plans of earlier versions could not say, where it is said: a run that such a version started is resumed with the
   * plan that it was started with.
   */
  private void addLater(Step step) {
    Reversibility reversibility = step.action().reversibility();
    if (reversibility != Reversibility.COMPENSABLE) {
      add("reversibility", reversibility.name());
    }
    step.because().ifPresent(reason -> add("because", reason));
  }

  /** Adds texts, each with its length before it, so that no two lists of texts look alike. */
  private void add(String... texts) {
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
  }
}
