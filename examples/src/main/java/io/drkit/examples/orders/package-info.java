/** The <i>orders</i> workload that the commands are about. */
package io.drkit.examples.orders;
