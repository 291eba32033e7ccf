package io.github.cdktf_flink.opensearch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** Keeps documents as OpenSearch's bulk API does, and for some requests answers what a test wants. */
final class StubOpenSearch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<Reply> replies = new ConcurrentLinkedDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, String>> documents = new TreeMap<>();
  private volatile String wanted;

  StubOpenSearch(TestCertificate certificate) throws IOException, GeneralSecurityException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  record Request(String method, URI uri, Map<String, List<String>> headers, byte[] body) {
    String index() {
      return uri.getPath().split("/")[1];
    }

    String header(String name) {
      return headers.entrySet().stream()
          .filter(each -> each.getKey().equalsIgnoreCase(name))
          .map(each -> each.getValue().get(0))
          .findFirst()
          .orElse(null);
    }

    List<String> lines() {
      return text().lines().toList();
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** What one request is answered. */
  interface Reply {
    void answer(HttpExchange exchange, Request request) throws IOException, InterruptedException;
  }

  String url() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  /** Of the next requests, one each; those after them are done as OpenSearch does. */
  void nextReplies(Reply... next) {
    replies.addAll(List.of(next));
  }

  /** Requests without this Authorization are refused. */
  void requireAuthorization(String header) {
    wanted = header;
  }

  List<Request> requests() {
    return requests;
  }

  synchronized Map<String, String> documents(String index) {
    return new TreeMap<>(documents.getOrDefault(index, Map.of()));
  }

  synchronized List<String> indices() {
    return List.copyOf(documents.keySet());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  static Reply status(int status, String body) {
    return (exchange, request) -> send(exchange, status, body);
  }

  /** No answer at all. */
  static Reply cut() {
    return (exchange, request) -> exchange.close();
  }

  /** An answer that ends in the middle. */
  static Reply cutAnswer() {
    return (exchange, request) -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write("{\"errors\"".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  /** The beginning of an answer, and nothing more until the latch opens. */
  static Reply stalled(CountDownLatch opened) {
    return (exchange, request) -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().flush();
      opened.await();
      exchange.close();
    };
  }

  /** One status for each operation, by position; those of 200 are done. */
  Reply items(Item... items) {
    return (exchange, request) -> send(exchange, 200, perform(request, List.of(items)));
  }

  /** @param error JSON; null without one */
  record Item(int status, String error) {
    static final Item DONE = new Item(200, null);

    static Item busy() {
      return new Item(429, "{\"type\":\"rejected_execution_exception\",\"reason\":\"queue is full\"}");
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI(),
            Map.copyOf(exchange.getRequestHeaders()),
            exchange.getRequestBody().readAllBytes());
    requests.add(request);
    try {
      if (wanted != null && !wanted.equals(request.header("Authorization"))) {
        send(exchange, 401, "Unauthorized");
        return;
      }
      Reply reply = replies.poll();
      if (reply == null) send(exchange, 200, perform(request, List.of()));
      else reply.answer(exchange, request);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private synchronized String perform(Request request, List<Item> items) throws IOException {
    Map<String, String> index = documents.computeIfAbsent(request.index(), name -> new TreeMap<>());
    List<String> lines = request.lines();
    List<String> results = new ArrayList<>();
    for (int at = 0, operation = 0; at < lines.size(); at++, operation++) {
      JsonNode line = JSON.readTree(lines.get(at));
      String action = line.fieldNames().next();
      String id = line.path(action).path("_id").asText();
      String document = action.equals("index") ? lines.get(++at) : null;
      Item item = operation < items.size() ? items.get(operation) : Item.DONE;
      int status = item.status();
      if (status == 200 && document != null) index.put(id, document);
      if (status == 200 && document == null && index.remove(id) == null) status = 404;
      String error = item.error() == null ? "" : ",\"error\":" + item.error();
      results.add("{\"" + action + "\":{\"status\":" + status + error + "}}");
    }
    return "{\"errors\":" + !items.isEmpty() + ",\"items\":[" + String.join(",", results) + "]}";
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
