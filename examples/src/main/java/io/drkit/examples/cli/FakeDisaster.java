package io.drkit.examples.cli;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can go wrong on a game day. */
enum FakeDisaster {
  REGION_LOSS("The region where orders runs is lost"),
  ZONE_LOSS("One zone of the region where orders runs is lost"),
  CONTROL_PLANE_LOSS("The control planes of the region where orders runs are lost");

  private final String words;

  FakeDisaster(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  Disaster at(FakeCloud cloud, Site site) {
    return switch (this) {
      case REGION_LOSS -> Disaster.loss(site);
      case ZONE_LOSS -> Disaster.loss(cloud.zones(site).get(0));
      case CONTROL_PLANE_LOSS -> Disaster.controlPlaneLoss(site);
    };
  }

  private String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads a disaster as it is written on a command line. */
  static final class Converter implements ITypeConverter<FakeDisaster> {
    @Override
    public FakeDisaster convert(String text) {
      return Arrays.stream(values())
          .filter(disaster -> disaster.option().equalsIgnoreCase(text.replace('_', '-')))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
              + Arrays.stream(values()).map(FakeDisaster::option).toList()));
    }
  }
}
