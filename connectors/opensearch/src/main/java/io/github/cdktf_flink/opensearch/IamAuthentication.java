package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * Signatures of AWS, version 4, by the role of jobs: the node hands its credentials to Flink's processes as a container's.
 *
 * @see <a href="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/request-signing.html">Signing</a>
 */
final class IamAuthentication implements Authentication {
  private static final String SERVICE = "es";

  private final String region;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  /** Asks anew before what it has runs out. */
  private final ContainerCredentialsProvider provider = ContainerCredentialsProvider.builder().build();

  IamAuthentication(String region) {
    this.region = region;
    String variable = SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.environmentVariable();
    if (SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.getStringValue().isPresent()) return;
    throw new OpenSearchException(
        variable + " is not set where the sink runs, so it has no role: run the job on a node of the cluster");
  }

  @Override
  public Map<String, List<String>> headers(URI uri, Map<String, String> headers, byte[] body) throws IOException {
    AwsCredentials credentials = credentials();
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(uri);
    headers.forEach(request::putHeader);
    Map<String, List<String>> signed =
        new HashMap<>(
            signer
                .sign(
                    each ->
                        each.identity(credentials)
                            .request(request.build())
                            .payload(ContentStreamProvider.fromByteArray(body))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                            .putProperty(AwsV4HttpSigner.REGION_NAME, region))
                .request()
                .headers());
    // The client writes it by itself, and the same.
    signed.keySet().removeIf("host"::equalsIgnoreCase);
    headers.keySet().forEach(signed::remove);
    return signed;
  }

  @Override
  public boolean isRenewed() {
    return false;
  }

  @Override
  public void close() {
    provider.close();
  }

  private AwsCredentials credentials() throws IOException {
    try {
      return provider.resolveCredentials();
    } catch (SdkClientException missing) {
      throw new IOException("the node gives no credentials of the role of jobs: " + missing.getMessage(), missing);
    }
  }
}
