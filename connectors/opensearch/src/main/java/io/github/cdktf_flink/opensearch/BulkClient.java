package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts bulks to one cluster, over TLS alone; redirects are not followed. */
final class BulkClient implements AutoCloseable {
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;

  private static final int OK = 200;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  /** Longer than the minute that OpenSearch itself waits for a shard before it says so. */
  private static final Duration REQUEST = Duration.ofSeconds(90);
  /** Of an answer, what is looked at, encoded as AWS's signatures want it: errors, items.*.status and items.*.error. */
  private static final String FILTER = "filter_path=errors%2Citems.%2A.status%2Citems.%2A.error";
  private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/x-ndjson");

  private final Connection connection;
  private final Authentication authentication;
  private final HttpClient client;
  private final Duration timeout;

  BulkClient(Connection connection) {
    this(connection, Authentication.of(connection.login()), REQUEST);
  }

  BulkClient(Connection connection, Authentication authentication, Duration timeout) {
    this.connection = connection;
    this.authentication = authentication;
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(Authorities.trust(connection.authorities()));
    // It sees the cluster's name and port, and nothing of what is said in TLS.
    connection.proxy().map(ProxySelector::of).ifPresent(builder::proxy);
    this.client = builder.build();
  }

  /** The answer of OpenSearch, whatever it is. An IOException means that there is none, and that a later try may get one. */
  Answer post(String index, byte[] body) throws IOException, InterruptedException {
    Answer first = postOnce(index, body);
    boolean isRefused = first.isLoginRefused();
    // A password may have been rotated since the request was made.
    return isRefused && authentication.isRenewed() ? postOnce(index, body) : first;
  }

  @Override
  public void close() {
    authentication.close();
  }

  /** @param body UTF-8 */
  record Answer(int status, byte[] body) {
    boolean isOk() {
      return status == OK;
    }

    /** Who calls is not known: what is known and not allowed is no matter of passwords. */
    boolean isLoginUnknown() {
      return status == UNAUTHORIZED;
    }

    boolean isLoginRefused() {
      return status == UNAUTHORIZED || status == FORBIDDEN;
    }
  }

  private Answer postOnce(String index, byte[] body) throws IOException, InterruptedException {
    // The index stands in the path and not in the body: this is what IAM and roles of OpenSearch look at.
    URI uri = connection.url().resolve("/" + index + "/_bulk?" + FILTER);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    HEADERS.forEach(request::header);
    authentication
        .headers(uri, HEADERS, body)
        .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    // Not by the request's own timeout, which ends with the headers of an answer.
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (TimeoutException late) {
      throw new HttpTimeoutException("no answer within " + timeout.toSeconds() + " seconds");
    } catch (ExecutionException failed) {
      throw failureOf(failed.getCause());
    } finally {
      pending.cancel(true);
    }
  }

  /** A certificate that is not believed stays so; all else may be a cluster that comes back. */
  private IOException failureOf(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CertificateException || each instanceof CertPathValidatorException) {
        throw new OpenSearchException(
            String.format(
                "who answers at %s is not believed to be OpenSearch (%s): give the cluster's host as its certificate"
                    + " has it, and certificateAuthorities if they are your own",
                connection.url(), each.getMessage()),
            cause);
      }
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }
}
