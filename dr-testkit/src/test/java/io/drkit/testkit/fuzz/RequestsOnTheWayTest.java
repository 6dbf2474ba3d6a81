package io.drkit.testkit.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud.WhenLost;
import io.drkit.testkit.aws.network.FaultyNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Requests to AWS and what answers them, made worse on their way: each is passed on, refused or lost, and none breaks the network. */
@Tag("proof")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RequestsOnTheWayTest {
  private static final int CASES = 10_000;
  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  private static final List<Message> VALID = List.of(
      Message.to("ec2.us-west-2.amazonaws.com", "/")
          .signed("us-west-2/ec2")
          .with("Content-Type", FORM)
          .saying("Action=CopyImage&Version=2016-11-15&SourceRegion=us-east-1"
              + "&SourceImageId=ami-1&Name=a%20name"),
      Message.to("ec2.us-west-2.amazonaws.com", "/")
          .signed("us-west-2/ec2")
          .with("Content-Type", FORM)
          .saying("Action=RunInstances&Placement.AvailabilityZone=us-west-2a&MinCount=1"),
      Message.to("rds.us-west-2.amazonaws.com", "/")
          .signed("us-west-2/rds")
          .with("Content-Type", FORM)
          .saying(
              "Action=CreateDBInstanceReadReplica&AvailabilityZone=us-west-2b"
                  + "&SourceDBInstanceIdentifier=arn%3Aaws%3Ards%3Aus-east-1%3A123456789012%3Adb%3Aorders"),
      Message.to("dynamodb.us-west-2.amazonaws.com", "/")
          .signed("us-west-2/dynamodb")
          .with("Content-Type", "application/x-amz-json-1.0")
          .with("X-Amz-Target", "DynamoDB_20120810.RestoreTableToPointInTime")
          .saying("{\"TargetTableName\":\"copy\","
              + "\"SourceTableArn\":\"arn:aws:dynamodb:us-east-1:123456789012:table/orders\"}"),
      Message.to("monitoring.us-west-2.amazonaws.com", "/service/Granite/operation/ListMetrics")
          .signed("us-west-2/monitoring")
          .with("Content-Type", "application/cbor")
          .with("smithy-protocol", "rpc-v2-cbor")
          .saying("\u0001iNamespacegAWS/RDS"),
      Message.to("receipts.s3.us-west-2.amazonaws.com", "/2030/1")
          .signed("us-west-2/s3")
          .with("x-amz-copy-source", "/receipts-east/2030%2F1?versionId=1"),
      Message.to("s3.us-west-2.amazonaws.com", "/receipts")
          .signed("us-west-2/s3")
          .saying("<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
              + "<LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>"),
      Message.to("receipts.s3.dualstack.us-west-2.amazonaws.com", "/")
          .signed("us-west-2/s3")
          .asking("versioning", ""),
      Message.to("receipts.s3-us-west-2.amazonaws.com", "/key")
          .asking("X-Amz-Credential", "AKID/20300101/us-west-2/s3/aws4_request"),
      Message.to("route53.amazonaws.com", "/2013-04-01/hostedzone/Z1/rrset")
          .signed("us-east-1/route53")
          .saying("<ChangeResourceRecordSetsRequest/>"));

  /** A request as it goes over the wire. */
  private record Message(
      String host,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      SdkBytes body) {
    static Message to(String host, String path) {
      return new Message(host, path, Map.of(), Map.of(), SdkBytes.fromUtf8String(""));
    }

    Message signed(String scope) {
      return with(
          "Authorization",
          "AWS4-HMAC-SHA256 Credential=AKID/20300101/" + scope
              + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=00");
    }

    Message with(String header, String value) {
      return new Message(host, path, query, and(headers, header, value), body);
    }

    Message asking(String name, String value) {
      return new Message(host, path, and(query, name, value), headers, body);
    }

    Message saying(String text) {
      return saying(SdkBytes.fromByteArrayUnsafe(text.getBytes(UTF_8)));
    }

    Message saying(SdkBytes bytes) {
      return new Message(host, path, query, headers, bytes);
    }

    private static Map<String, String> and(Map<String, String> map, String key, String value) {
      Map<String, String> more = new LinkedHashMap<>(map);
      more.put(key, value);
      return more;
    }

    /** Zips its body, as the SDK does on demand. */
    Message zipped() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
        zip.write(body.asByteArrayUnsafe());
      }
      return with("Content-Encoding", "gzip")
          .saying(SdkBytes.fromByteArrayUnsafe(bytes.toByteArray()));
    }

    Message worse(Mutations mutations) throws IOException {
      return switch (mutations.upTo(7)) {
        case 0 -> new Message(mutations.text(host), path, query, headers, body);
        case 1 -> new Message(host, "/" + mutations.text(path), query, headers, body);
        case 2, 3 -> new Message(host, path, query, worse(headers, mutations), body);
        case 4 -> new Message(host, path, worse(query, mutations), headers, body);
        case 5 -> zipped().saying(worse(zipped().body(), mutations));
        case 6 -> saying(worse(body, mutations));
        default -> saying(mutations.text(new String(body.asByteArrayUnsafe(), UTF_8)));
      };
    }

    private static SdkBytes worse(SdkBytes bytes, Mutations mutations) {
      return SdkBytes.fromByteArrayUnsafe(mutations.bytes(bytes.asByteArrayUnsafe()));
    }

    private static Map<String, String> worse(Map<String, String> map, Mutations mutations) {
      Map<String, String> worse = new LinkedHashMap<>(map);
      if (!map.isEmpty()) {
        String name = mutations.one(List.copyOf(map.keySet()));
        if (mutations.upTo(3) == 0) {
          worse.remove(name);
        } else {
          worse.put(name, mutations.text(map.getOrDefault(name, "")));
        }
      }
      return worse;
    }

    HttpExecuteRequest asked(SdkHttpMethod method) {
      SdkHttpRequest.Builder http =
          SdkHttpRequest.builder().method(method).protocol("https").host(host).encodedPath(path);
      query.forEach(http::putRawQueryParameter);
      headers.forEach(http::putHeader);
      return HttpExecuteRequest.builder()
          .request(http.build())
          .contentStreamProvider(() -> body.asInputStream())
          .build();
    }
  }

  /** Answers everything with the same header. */
  private record Server(String bucketRegion) implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpResponse.builder()
                  .statusCode(200)
                  .putHeader("x-amz-bucket-region", bucketRegion)
                  .build())
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }

  /** A body that cannot be read, a connection that is refused, or a request of which nobody can tell where it goes. */
  private static boolean isDocumented(Throwable thrown) {
    return thrown instanceof IOException
        || (thrown instanceof IllegalArgumentException
            && String.valueOf(thrown.getMessage()).startsWith("nothing tells the "));
  }

  @Test
  void aBadRequestIsPassedOnOrRefused() throws Exception {
    Cases.eachAlone("requests", CASES, RequestsOnTheWayTest::isDocumented, mutations -> {
      Message message = mutations.one(VALID);
      for (int times = 1 + mutations.upTo(2); times > 0; times--) {
        message = message.worse(mutations);
      }
      String told = mutations.upTo(1) == 0 ? "us-east-1" : mutations.text("us-east-1");
      FaultyNetwork network = FaultyNetwork.of(() -> new Server(told))
          .whenLost(WhenLost.REFUSE)
          .to(URI.create("http://127.0.0.1:5000"));
      if (mutations.upTo(1) == 0) {
        network.strike(Disaster.loss(Site.region("us-east-1")));
      }
      SdkHttpMethod method =
          mutations.one(List.of(SdkHttpMethod.PUT, SdkHttpMethod.POST, SdkHttpMethod.GET));
      HttpExecuteResponse answer =
          network.client().prepareRequest(message.asked(method)).call();

      assertThat(answer.httpResponse().statusCode()).isIn(200, 503);
      assertThat(network.asked()).singleElement().asString().isNotBlank();
    });
  }

  @Test
  void whatIsValidIsPassedOn() throws Exception {
    for (Message message : VALID) {
      FaultyNetwork network = FaultyNetwork.of(() -> new Server("us-west-2"));
      for (Message each : List.of(message, message.zipped())) {
        assertThat(network
                .client()
                .prepareRequest(each.asked(SdkHttpMethod.PUT))
                .call()
                .httpResponse()
                .statusCode())
            .isEqualTo(200);
      }
    }
  }
}
