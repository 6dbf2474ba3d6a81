package io.drkit.aws;

import java.net.URI;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;

/** What a client is built with, the same for every service. */
record ClientSettings(
    Region region,
    SdkHttpClient http,
    AwsCredentialsProvider credentials,
    @Nullable URI endpoint,
    int attempts,
    Duration attemptTimeLimit,
    Duration callTimeLimit) {

  <C, B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>> C build(
      Supplier<B> builders, BiConsumer<B, Boolean> more) {
    B builder = builders.get();
    builder.region(region);
    builder.credentialsProvider(credentials);
    builder.httpClient(http);
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    builder.overrideConfiguration(common -> common
        .apiCallTimeout(callTimeLimit)
        .apiCallAttemptTimeout(attemptTimeLimit)
        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(attempts)
            .build()));
    more.accept(builder, endpoint != null);
    return builder.build();
  }
}
