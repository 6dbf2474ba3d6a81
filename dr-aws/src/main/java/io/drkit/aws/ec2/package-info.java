/** Amazon EC2: own images that are copied ahead, instances that are launched from them (WP-16, WP-17). */
package io.drkit.aws.ec2;
