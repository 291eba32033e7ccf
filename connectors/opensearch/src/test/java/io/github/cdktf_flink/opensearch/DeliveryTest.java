package io.github.cdktf_flink.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cdktf_flink.opensearch.StubOpenSearch.Item;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

  @TempDir static Path folder;
  private static TestCertificate certificate;

  private final SettableClock clock = new SettableClock();
  private StubOpenSearch cluster;
  private Path credentials;
  private Delivery delivery;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = new TestCertificate(folder, "localhost");
    Files.writeString(folder.resolve("authorities.pem"), certificate.pem());
  }

  @BeforeEach
  void start() throws Exception {
    cluster = new StubOpenSearch(certificate);
    cluster.requireAuthorization(basic("flink", "first"));
    credentials = folder.resolve("credentials.properties");
    writePassword("first");
    delivery = deliveryTo(connectionTo(cluster.url()), PATIENT);
  }

  @AfterEach
  void stop() {
    delivery.close();
    cluster.close();
  }

  @Test
  void writesAndDeletesByIdWithoutNamingTheIndexInTheBody() throws Exception {
    deliver(write("orders", "1", "{\"amount\":1}"), write("orders", "\"2\"\n", "{\"amount\":2}"));
    deliver(delete("orders", "1"));
    assertEquals(Map.of("\"2\"\n", "{\"amount\":2}"), cluster.documents("orders"));
    StubOpenSearch.Request first = cluster.requests().get(0);
    assertEquals("POST", first.method());
    assertEquals("/orders/_bulk", first.uri().getPath());
    assertEquals("filter_path=errors,items.*.status,items.*.error", first.uri().getQuery());
    assertEquals("application/x-ndjson", first.header("Content-Type"));
    assertEquals("{\"index\":{\"_id\":\"1\"}}", first.lines().get(0));
    assertEquals("{\"delete\":{\"_id\":\"1\"}}\n", cluster.requests().get(1).text());
  }

  @Test
  void sendsOnlyTheLastOperationOnADocument() throws Exception {
    deliver(write("orders", "1", "{\"v\":1}"), write("orders", "2", "{}"), write("orders", "1", "{\"v\":2}"));
    assertEquals(4, cluster.requests().get(0).lines().size());
    assertEquals(Map.of("1", "{\"v\":2}", "2", "{}"), cluster.documents("orders"));
    deliver(write("orders", "1", "{\"v\":3}"), delete("orders", "1"));
    assertEquals(Map.of("2", "{}"), cluster.documents("orders"));
  }

  @Test
  void sendsOneBulkForEachIndex() throws Exception {
    deliver(write("orders", "1", "{}"), write("orders-2026", "1", "{}"), write("orders", "2", "{}"));
    assertEquals(List.of("orders", "orders-2026"), cluster.requests().stream().map(each -> each.index()).toList());
    assertEquals(2, cluster.documents("orders").size());
  }

  @Test
  void leavesUnfinishedWhatIsRefusedForNow() throws Exception {
    cluster.nextReplies(
        cluster.items(Item.DONE, Item.busy(), new Item(503, "{\"type\":\"unavailable_shards_exception\"}")));
    List<DocumentOperation> sent =
        List.of(write("orders", "1", "{}"), write("orders", "2", "{}"), delete("orders", "3"));
    Delivery.Outcome outcome = delivery.attempt(sent);
    assertEquals(sent.subList(1, 3), outcome.unfinished());
    assertEquals("HTTP 429: rejected_execution_exception: queue is full", outcome.reason());
    assertTrue(outcome.pause().compareTo(Duration.ZERO) > 0);
    assertEquals(Delivery.Outcome.DONE, delivery.attempt(outcome.unfinished()));
    assertEquals(2, cluster.documents("orders").size());
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void leavesAllUnfinishedWhenAWholeRequestIsRefusedForNow(int status) throws Exception {
    cluster.nextReplies(StubOpenSearch.status(status, "<html>away</html>"));
    List<DocumentOperation> sent = List.of(write("orders", "1", "{}"), write("orders-2026", "1", "{}"));
    Delivery.Outcome outcome = delivery.attempt(sent);
    assertEquals(sent, outcome.unfinished());
    assertEquals("HTTP " + status + ": <html>away</html>", outcome.reason());
    assertEquals(1, cluster.requests().size());
  }

  static Stream<StubOpenSearch.Reply> lostAnswers() {
    return Stream.of(StubOpenSearch.cut(), StubOpenSearch.cutAnswer());
  }

  @ParameterizedTest
  @MethodSource("lostAnswers")
  void triesAgainWhatWasNotAnswered(StubOpenSearch.Reply lost) throws Exception {
    cluster.nextReplies(lost);
    List<DocumentOperation> sent = List.of(write("orders", "1", "{}"));
    assertEquals(sent, delivery.attempt(sent).unfinished());
    assertEquals(Delivery.Outcome.DONE, delivery.attempt(sent));
  }

  @Test
  void givesUpAnAnswerThatStallsInItsMiddle() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    cluster.nextReplies(StubOpenSearch.stalled(opened));
    List<DocumentOperation> sent = List.of(write("orders", "1", "{}"));
    try (Delivery hasty = deliveryTo(connectionTo(cluster.url()), Duration.ofSeconds(1))) {
      Delivery.Outcome outcome = hasty.attempt(sent);
      assertEquals(sent, outcome.unfinished());
      assertTrue(outcome.reason().contains("no answer within 1 seconds"), outcome.reason());
    } finally {
      opened.countDown();
    }
  }

  @Test
  void triesAgainWhereNobodyListens() throws Exception {
    cluster.close();
    List<DocumentOperation> sent = List.of(write("orders", "1", "{}"));
    assertEquals(sent, delivery.attempt(sent).unfinished());
  }

  @Test
  void waitsLongerAfterEachFailureAndShortlyAfterASuccess() throws Exception {
    for (int failure = 0; failure < 12; failure++) cluster.nextReplies(StubOpenSearch.status(503, ""));
    List<DocumentOperation> sent = List.of(write("orders", "1", "{}"));
    long first = delivery.attempt(sent).pause().toMillis();
    long second = delivery.attempt(sent).pause().toMillis();
    long last = 0;
    for (int failure = 2; failure < 12; failure++) last = delivery.attempt(sent).pause().toMillis();
    assertTrue(first >= 75 && first <= 100, "first: " + first);
    assertTrue(second >= 150 && second <= 200, "second: " + second);
    assertTrue(last >= 7_500 && last <= 10_000, "last: " + last);
    deliver(write("orders", "1", "{}"));
    cluster.nextReplies(StubOpenSearch.status(503, ""));
    assertTrue(delivery.attempt(sent).pause().toMillis() <= 100);
  }

  @Test
  void failsOnADocumentThatDoesNotFit() {
    cluster.nextReplies(
        cluster.items(
            Item.DONE,
            new Item(
                400,
                "{\"type\":\"mapper_parsing_exception\",\"reason\":\"failed to parse field [amount]\","
                    + "\"caused_by\":{\"reason\":\"For input string: x\"}}")));
    assertEquals(
        "OpenSearch refuses to write the document \"2\" of the index orders (HTTP 400: mapper_parsing_exception: failed"
            + " to parse field [amount]; For input string: x): mend the row, the index's mapping or what the jobs' user"
            + " may do",
        failureOf(write("orders", "1", "{}"), write("orders", "2", "{}")));
  }

  @Test
  void takesADocumentThatIsGoneAsDeleted() throws Exception {
    deliver(delete("orders", "never there"));
    cluster.nextReplies(cluster.items(new Item(404, "{\"type\":\"index_not_found_exception\"}")));
    deliver(delete("orders", "1"));
    cluster.nextReplies(cluster.items(new Item(404, "{\"type\":\"index_not_found_exception\"}")));
    assertTrue(failureOf(write("orders", "1", "{}")).contains("index_not_found_exception"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 405, 413})
  void failsOnABulkThatIsRefusedForGood(int status) {
    cluster.nextReplies(StubOpenSearch.status(status, "{\"error\":\"no such thing\",\"status\":" + status + "}"));
    String failure = failureOf(write("orders", "1", "{}"));
    assertTrue(
        failure.startsWith(
            "OpenSearch refuses a bulk of 1 operations on the index orders (HTTP " + status + ": no such thing): "),
        failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>hello</html>", "{}", "{\"items\":[]}", ""})
  void failsOnWhatIsNoAnswerOfOpenSearch(String body) {
    cluster.nextReplies(StubOpenSearch.status(200, body));
    assertTrue(failureOf(write("orders", "1", "{}")).startsWith("the answer to a bulk of 1 operations"));
  }

  @Test
  void sendsNothingToAnIndexThatItMayNotWrite() {
    assertEquals(
        "the index payments is none that the connection search may write (orders, orders-*): call writeTo with indices"
            + " that cover it",
        failureOf(write("payments", "1", "{}")));
    assertTrue(cluster.requests().isEmpty());
  }

  @Test
  void failsAtOnceOnAPasswordThatHasNeverWorked() throws Exception {
    writePassword("of-somebody-else");
    String failure = failureOf(write("orders", "1", "{}"));
    assertTrue(failure.contains("HTTP 401: Unauthorized): let the jobs' user or role write to it"), failure);
    assertFalse(failure.contains("of-somebody-else"), failure);
    assertEquals(1, cluster.requests().size());
  }

  @Test
  void takesANewPasswordAsSoonAsItIsThere() throws Exception {
    deliver(write("orders", "1", "{}"));
    cluster.requireAuthorization(basic("flink", "second"));
    writePassword("second");
    deliver(write("orders", "2", "{}"));
    assertEquals(2, cluster.documents("orders").size());
    assertEquals(2, cluster.requests().size());
  }

  @Test
  void triesAtOnceWithAPasswordThatCameWhileTheOldOneWasRefused() throws Exception {
    cluster.nextReplies(
        (exchange, request) -> {
          cluster.requireAuthorization(basic("flink", "second"));
          writePassword("second");
          exchange.sendResponseHeaders(401, -1);
        });
    deliver(write("orders", "1", "{}"));
    assertEquals(2, cluster.requests().size());
    assertEquals(1, cluster.documents("orders").size());
  }

  @Test
  void givesARotationTimeThenFails() throws Exception {
    deliver(write("orders", "1", "{}"));
    cluster.requireAuthorization(basic("flink", "second"));
    List<DocumentOperation> sent = List.of(write("orders", "2", "{}"));
    Delivery.Outcome outcome = delivery.attempt(sent);
    assertEquals(sent, outcome.unfinished());
    assertEquals(Duration.ofSeconds(20), outcome.pause());
    clock.advance(Duration.ofMinutes(2));
    writePassword("second");
    assertEquals(Delivery.Outcome.DONE, delivery.attempt(sent));

    cluster.requireAuthorization(basic("flink", "third"));
    assertEquals(sent, delivery.attempt(sent).unfinished());
    clock.advance(Duration.ofMinutes(2));
    assertEquals(sent, delivery.attempt(sent).unfinished());
    clock.advance(Duration.ofMinutes(2));
    assertTrue(failureOf(write("orders", "2", "{}")).contains("HTTP 401"));
  }

  @Test
  void failsWhereThereIsNoPassword() throws Exception {
    Files.delete(credentials);
    assertTrue(failureOf(write("orders", "1", "{}")).contains("so jobs have no user and password"));
    Files.writeString(credentials, "username=flink\n");
    assertTrue(failureOf(write("orders", "1", "{}")).contains("has no password"));
  }

  @Test
  void readsPasswordsAsTheNodeWritesThem() throws Exception {
    Files.writeString(credentials, "#arn:aws:secretsmanager:…\nusername=flink\npassword=\\u0020p\\u005c\\u00e4:#\\u0021\n");
    cluster.requireAuthorization(basic("flink", " p\\ä:#!"));
    deliver(write("orders", "1", "{}"));
    assertEquals(1, cluster.documents("orders").size());
  }

  @Test
  void believesNoUnknownAuthorityAndNoForeignName() throws Exception {
    Connection untrusting =
        new Connection(
            "search", URI.create(cluster.url()), login(), Optional.empty(), Optional.empty(), List.of("orders"));
    assertTrue(failureOf(untrusting).startsWith("who answers at " + cluster.url() + " is not believed"));

    TestCertificate foreign = new TestCertificate(folder, "other.example");
    Files.writeString(folder.resolve("other.pem"), foreign.pem());
    try (StubOpenSearch other = new StubOpenSearch(foreign)) {
      Connection misnamed =
          new Connection(
              "search",
              URI.create(other.url()),
              login(),
              Optional.of(folder.resolve("other.pem")),
              Optional.empty(),
              List.of("orders"));
      assertTrue(failureOf(misnamed).contains("localhost"));
      assertTrue(other.requests().isEmpty());
    }
    assertTrue(cluster.requests().isEmpty());
  }

  @Test
  void reachesByAProxyAClusterWhoseNameNobodyElseKnows() throws Exception {
    String host = "search.example.invalid";
    TestCertificate far = new TestCertificate(folder, host);
    Path authorities = Files.writeString(folder.resolve("far.pem"), far.pem());
    try (StubOpenSearch hidden = new StubOpenSearch(far);
        TunnelProxy proxy = new TunnelProxy(URI.create(hidden.url()).getPort())) {
      hidden.requireAuthorization(basic("flink", "first"));
      Connection connection =
          new Connection(
              "search",
              URI.create("https://" + host + ":443"),
              login(),
              Optional.of(authorities),
              Optional.of(proxy.address()),
              List.of("orders"));
      List<DocumentOperation> sent = List.of(write("orders", "1", "{}"));
      try (Delivery through = deliveryTo(connection, PATIENT)) {
        proxy.refuseNext();
        Delivery.Outcome outcome = through.attempt(sent);
        assertEquals(sent, outcome.unfinished());
        assertTrue(outcome.reason().contains("403"), outcome.reason());
        assertEquals(Delivery.Outcome.DONE, through.attempt(sent));
      }
      assertEquals(Map.of("1", "{}"), hidden.documents("orders"));
      assertEquals(2, proxy.heads().size());
      for (String head : proxy.heads()) {
        assertTrue(head.startsWith("CONNECT " + host + ":443 HTTP/1.1\r\n"), head);
        assertFalse(head.toLowerCase(Locale.ROOT).contains("authorization"), head);
      }
    }
  }

  @Test
  void followsNoRedirect() {
    cluster.nextReplies(
        (exchange, request) -> {
          exchange.getResponseHeaders().add("Location", cluster.url() + "/orders/_bulk");
          exchange.sendResponseHeaders(307, -1);
        });
    assertTrue(failureOf(write("orders", "1", "{}")).contains("HTTP 307"));
    assertNull(cluster.documents("orders").get("1"));
  }

  private void deliver(DocumentOperation... operations) throws InterruptedException {
    assertEquals(Delivery.Outcome.DONE, delivery.attempt(List.of(operations)));
  }

  private String failureOf(DocumentOperation... operations) {
    return assertThrows(OpenSearchException.class, () -> delivery.attempt(List.of(operations))).getMessage();
  }

  private String failureOf(Connection connection) {
    try (Delivery other = deliveryTo(connection, PATIENT)) {
      return assertThrows(OpenSearchException.class, () -> other.attempt(List.of(write("orders", "1", "{}"))))
          .getMessage();
    }
  }

  private Delivery deliveryTo(Connection connection, Duration timeout) {
    return new Delivery(
        connection, new BulkClient(connection, Authentication.of(connection.login()), timeout), clock);
  }

  private Connection connectionTo(String url) {
    return new Connection(
        "search",
        URI.create(url),
        login(),
        Optional.of(folder.resolve("authorities.pem")),
        Optional.empty(),
        List.of("orders", "orders-*"));
  }

  private Connection.Login login() {
    return new Connection.Login.Basic(credentials);
  }

  private void writePassword(String password) throws IOException {
    Files.writeString(credentials, "username=flink\npassword=" + password + "\n");
  }

  private static String basic(String user, String password) {
    byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  private static DocumentOperation write(String index, String id, String document) {
    return DocumentOperation.write(index, id, document.getBytes(StandardCharsets.UTF_8));
  }

  private static DocumentOperation delete(String index, String id) {
    return DocumentOperation.delete(index, id);
  }

  private static final class SettableClock extends Clock {
    private Instant now = START;

    void advance(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
