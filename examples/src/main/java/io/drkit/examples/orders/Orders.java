package io.drkit.examples.orders;

import io.drkit.PerSite;
import io.drkit.Site;
import java.util.List;

/** What things are called in the orders world. The plan and the world that it moves share these names. */
public final class Orders {
  /** The plan's name. */
  public static final String PLAN = "orders";

  /** The region that orders runs in before any disaster. */
  public static final Site EAST = Site.region("us-east-1");

  /** The region that takes over. */
  public static final Site WEST = Site.region("us-west-2");

  /** Both regions, the primary one first. */
  public static final List<Site> SITES = List.of(EAST, WEST);

  static final PerSite<String> BUCKETS =
      PerSite.at(EAST, "orders-receipts-us-east-1").and(WEST, "orders-receipts-us-west-2");
  static final String DATABASE = "orders-db";
  static final String PRODUCTION_CLASS = "db.m5.large";
  static final String STANDBY_CLASS = "db.t3.medium";
  static final String IMAGE = "orders-web";
  static final String INSTANCE_TYPE = "m5.large";
  static final int INSTANCES = 2;
  static final String GROUP = "orders-web";
  static final int GROUP_CAPACITY = 2;
  static final String ZONE = "orders.example.com.";
  static final String RECORD = "www.orders.example.com.";

  private Orders() {}
}
