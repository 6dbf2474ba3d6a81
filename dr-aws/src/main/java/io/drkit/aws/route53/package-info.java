/** Amazon Route 53: DNS records that send users to the site that takes over (WP-20). */
package io.drkit.aws.route53;
