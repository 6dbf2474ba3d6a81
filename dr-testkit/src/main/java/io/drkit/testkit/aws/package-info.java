/** Fakes of the AWS SDK's clients over a fake cloud, in virtual time. */
package io.drkit.testkit.aws;
