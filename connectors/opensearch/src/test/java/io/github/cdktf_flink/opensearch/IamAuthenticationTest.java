package io.github.cdktf_flink.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IamAuthenticationTest {
  private static final String URI_PROPERTY = "aws.containerCredentialsFullUri";
  private static final String TOKEN_PROPERTY = "aws.containerAuthorizationTokenFile";
  private static final String KEY = "ASIAEXAMPLE";
  private static final String SECRET = "of+the/role";
  private static final String SESSION = "session//of==the+role";
  private static final String TOKEN = "token of the node";

  @TempDir static Path folder;
  private static TestCertificate certificate;
  private HttpServer node;
  private StubOpenSearch cluster;
  private Connection connection;
  private final AtomicInteger handedOut = new AtomicInteger();

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = new TestCertificate(folder, "localhost");
  }

  @BeforeEach
  void start() throws Exception {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/job-credentials",
        exchange -> {
          boolean isKnown = TOKEN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = (isKnown ? credentials() : "{}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isKnown ? 200 : 403, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    node.start();
    Path token = folder.resolve("token");
    Files.writeString(token, TOKEN);
    System.setProperty(URI_PROPERTY, "http://127.0.0.1:" + node.getAddress().getPort() + "/job-credentials");
    System.setProperty(TOKEN_PROPERTY, token.toString());

    Path authorities = folder.resolve("authorities.pem");
    Files.writeString(authorities, certificate.pem());
    cluster = new StubOpenSearch(certificate);
    connection =
        new Connection(
            "search",
            URI.create(cluster.url()),
            new Connection.Login.Iam("eu-west-1"),
            Optional.of(authorities),
            Optional.empty(),
            List.of("orders-*"));
  }

  @AfterEach
  void stop() {
    System.clearProperty(URI_PROPERTY);
    System.clearProperty(TOKEN_PROPERTY);
    node.stop(0);
    cluster.close();
  }

  @Test
  void signsEachRequestByTheRoleOfTheNode() throws Exception {
    try (Delivery delivery = new Delivery(connection)) {
      byte[] document = "{\"name\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8);
      for (String id : List.of("1", "2")) {
        assertEquals(
            Delivery.Outcome.DONE,
            delivery.attempt(List.of(DocumentOperation.write("orders-2026.11", id, document))));
      }
    }
    assertEquals(2, cluster.documents("orders-2026.11").size());
    for (StubOpenSearch.Request request : cluster.requests()) {
      assertEquals(SESSION, request.header("X-Amz-Security-Token"));
      assertEquals(signatureOf(request), claimedBy(request));
    }
    assertEquals(1, handedOut.get());
  }

  @Test
  void triesAgainWhereTheNodeGivesNoCredentials() throws Exception {
    node.stop(0);
    List<DocumentOperation> sent = List.of(DocumentOperation.delete("orders-1", "1"));
    try (Delivery delivery = new Delivery(connection)) {
      Delivery.Outcome outcome = delivery.attempt(sent);
      assertEquals(sent, outcome.unfinished());
      assertTrue(outcome.reason().contains("the node gives no credentials of the role of jobs"), outcome.reason());
    }
  }

  @Test
  void failsWhereNoNodeIs() {
    System.clearProperty(URI_PROPERTY);
    String failure = assertThrows(OpenSearchException.class, () -> new Delivery(connection)).getMessage();
    assertTrue(failure.startsWith("AWS_CONTAINER_CREDENTIALS_FULL_URI is not set where the sink runs"), failure);
  }

  private String credentials() {
    handedOut.incrementAndGet();
    return String.format(
        "{\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"%s\",\"Expiration\":\"%s\"}",
        KEY, SECRET, SESSION, Instant.now().plus(Duration.ofHours(6)));
  }

  private static String claimedBy(StubOpenSearch.Request request) {
    Matcher claim = Pattern.compile("Signature=([0-9a-f]{64})").matcher(request.header("Authorization"));
    assertTrue(claim.find(), request.header("Authorization"));
    return claim.group(1);
  }

  /** As AWS documents it for who verifies ("Create a signed AWS API request"), of what came over the wire. */
  private static String signatureOf(StubOpenSearch.Request request) throws GeneralSecurityException {
    Matcher claim =
        Pattern.compile("AWS4-HMAC-SHA256 Credential=" + KEY + "/(\\d{8})/eu-west-1/es/aws4_request, SignedHeaders=([^,]+),")
            .matcher(request.header("Authorization"));
    assertTrue(claim.find(), request.header("Authorization"));
    String day = claim.group(1);
    List<String> signed = List.of(claim.group(2).split(";"));
    assertTrue(signed.containsAll(List.of("host", "x-amz-date", "x-amz-security-token")), claim.group(2));
    String query =
        Stream.of(request.uri().getRawQuery().split("&")).sorted().collect(Collectors.joining("&"));
    String headers =
        signed.stream().map(name -> name + ":" + header(request, name)).collect(Collectors.joining("\n"));
    String canonical =
        String.join(
            "\n",
            request.method(),
            request.uri().getRawPath(),
            query,
            headers,
            "",
            String.join(";", signed),
            hash(request.body()));
    String scope = day + "/eu-west-1/es/aws4_request";
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            request.header("X-Amz-Date"),
            scope,
            hash(canonical.getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String each : List.of(day, "eu-west-1", "es", "aws4_request")) key = mac(key, each);
    return HexFormat.of().formatHex(mac(key, toSign));
  }

  private static String header(StubOpenSearch.Request request, String name) {
    String value = request.header(name);
    assertNotNull(value, name);
    return value.strip();
  }

  private static String hash(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
