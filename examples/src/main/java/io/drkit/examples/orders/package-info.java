/**
 * The <i>orders</i> workload, a pilot light: its plan, and the world of AWS resources that the plan moves from us-east-1 to
 * us-west-2. Read {@link io.drkit.examples.orders.OrdersPlan} first; it is what a team would write.
 */
package io.drkit.examples.orders;
