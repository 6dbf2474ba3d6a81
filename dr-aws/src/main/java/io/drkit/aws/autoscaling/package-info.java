/** Amazon EC2 Auto Scaling: groups that are scaled up for a recovery, or stopped as a fence (WP-29, WP-65). */
package io.drkit.aws.autoscaling;
