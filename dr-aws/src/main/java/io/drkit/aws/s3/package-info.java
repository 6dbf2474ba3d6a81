/** Amazon S3: buckets that are copied from region to region, and promoted (WP-12). */
package io.drkit.aws.s3;
