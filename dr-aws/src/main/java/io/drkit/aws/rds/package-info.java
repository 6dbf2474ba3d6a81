/** Amazon RDS: read replicas that are promoted, instances that are resized (WP-25). */
package io.drkit.aws.rds;
