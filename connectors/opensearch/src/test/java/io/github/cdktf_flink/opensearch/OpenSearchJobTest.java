package io.github.cdktf_flink.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cdktf_flink.opensearch.StubOpenSearch.Item;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs in a Flink of this process. */
class OpenSearchJobTest {
  private static final String COLUMNS = "id BIGINT, shop STRING, ordered DATE, amount DECIMAL(10, 2)";
  private static final String KEY = ", PRIMARY KEY (id) NOT ENFORCED";

  @TempDir static Path folder;
  private static MiniCluster flink;
  private static TestCertificate certificate;
  private StubOpenSearch cluster;

  @BeforeAll
  static void startFlink() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
    flink.start();
  }

  @AfterAll
  static void stopFlink() throws Exception {
    flink.close();
  }

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = new TestCertificate(folder, "localhost");
    Files.writeString(folder.resolve("authorities.pem"), certificate.pem());
    Files.writeString(folder.resolve("search.properties"), "username=flink\npassword=of-flink\n");
  }

  @BeforeEach
  void start() throws Exception {
    cluster = new StubOpenSearch(certificate);
    Path connections = Path.of(System.getenv("FLINK_CONNECTIONS_DIR"));
    Files.createDirectories(connections);
    Files.writeString(
        connections.resolve("search.json"),
        String.format(
            "{\"kind\":\"opensearch\",\"url\":\"%s\",\"authentication\":\"basic\",\"credentialsFile\":\"%s\","
                + "\"certificateAuthoritiesFile\":\"%s\",\"indices\":{\"write\":[\"orders\",\"orders-*\"]}}",
            cluster.url(), folder.resolve("search.properties"), folder.resolve("authorities.pem")));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aTableIsKeptAsDocuments() throws Exception {
    Tables tables = tablesWithChanges();
    tables.executeSql(sinkTable("orders", KEY, ""));
    tables.executeSql("INSERT INTO sink SELECT * FROM changes").await();
    assertEquals(
        Map.of(
            "1", "{\"id\":1,\"shop\":\"north\",\"ordered\":\"2026-11-30\",\"amount\":10.5}",
            "3", "{\"id\":3,\"shop\":null,\"ordered\":\"2026-12-01\",\"amount\":30.25}"),
        cluster.documents("orders"));
  }

  @Test
  void anIndexMayFollowFromTheRow() throws Exception {
    Tables tables = tablesWithChanges();
    tables.executeSql(sinkTable("orders-{ordered|yyyy.MM}", KEY, ""));
    tables.executeSql("INSERT INTO sink SELECT * FROM changes").await();
    assertEquals(List.of("orders-2026.11", "orders-2026.12"), cluster.indices());
    assertEquals(1, cluster.documents("orders-2026.11").size());
    assertEquals(1, cluster.documents("orders-2026.12").size());
  }

  @Test
  void aRowThatAFilterKeepsBackIsNoDocumentAnyMore() throws Exception {
    Tables tables = tablesWithChanges();
    tables.executeSql(
        "CREATE TABLE sink (shop STRING, dearest DECIMAL(10, 2), PRIMARY KEY (shop) NOT ENFORCED) WITH ("
            + options("orders", "'sink.batch.max-size' = '1'")
            + ")");
    tables
        .executeSql(
            "INSERT INTO sink SELECT COALESCE(shop, 'none'), MAX(amount) FROM changes GROUP BY COALESCE(shop, 'none')"
                + " HAVING MAX(amount) <> 10.50")
        .await();
    assertEquals(Map.of("none", "{\"shop\":\"none\",\"dearest\":30.25}"), cluster.documents("orders"));
    assertTrue(cluster.requests().stream().anyMatch(each -> each.text().contains("{\"delete\":{\"_id\":\"north\"}}")));
  }

  @Test
  void aBusyAndBrokenClusterLosesNothingAndUndoesNothing() throws Exception {
    cluster.nextReplies(
        StubOpenSearch.cut(),
        StubOpenSearch.status(503, "{\"error\":\"no master\"}"),
        cluster.items(Item.busy(), Item.DONE, Item.busy()),
        StubOpenSearch.cutAnswer(),
        StubOpenSearch.status(429, ""));
    Tables tables = tables();
    int documents = 7;
    int versions = 40;
    List<Row> changes =
        IntStream.range(0, documents * versions)
            .mapToObj(
                n ->
                    Row.ofKind(
                        n < documents ? RowKind.INSERT : RowKind.UPDATE_AFTER,
                        (long) n % documents,
                        "version " + n / documents))
            .toList();
    register(
        tables,
        "versions",
        changes,
        Types.ROW_NAMED(new String[] {"id", "shop"}, Types.LONG, Types.STRING),
        Schema.newBuilder().column("id", DataTypes.BIGINT().notNull()).column("shop", DataTypes.STRING()));
    tables.executeSql(
        "CREATE TABLE sink (id BIGINT, shop STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ("
            + options("orders", "'sink.batch.max-size' = '10'")
            + ")");
    tables.executeSql("INSERT INTO sink SELECT * FROM versions").await();
    Map<String, String> last =
        IntStream.range(0, documents)
            .boxed()
            .collect(
                Collectors.toMap(
                    String::valueOf, id -> "{\"id\":" + id + ",\"shop\":\"version " + (versions - 1) + "\"}"));
    assertEquals(last, cluster.documents("orders"));
  }

  @Test
  void aJobThatFailsAndIsRestoredLosesNothing() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    StreamExecutionEnvironment job = jobOn(flink, configuration);
    job.setParallelism(2);
    job.enableCheckpointing(20);
    int count = 3000;
    FailsOnce.HAS_FAILED.set(false);
    job.fromSequence(1, count)
        // Each of two subtasks has a half of the numbers.
        .map(new FailsOnce(count / 4))
        .sinkTo(
            OpenSearchSink.<Long>builder()
                .setConnection("search")
                .setIndex(number -> "orders-" + (number + 1) / 10 % 2)
                // Each tenth deletes the one before it.
                .setDeletion(number -> number % 10 == 0)
                .setId(number -> String.valueOf(number % 10 == 0 ? number - 1 : number))
                .setDocument(number -> ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8))
                .setMaxBatchSize(100)
                .setMaxTimeInBufferMS(50)
                .build());
    job.execute();
    assertTrue(FailsOnce.HAS_FAILED.get());
    assertEquals(List.of("orders-0", "orders-1"), cluster.indices());
    Set<Integer> found = new TreeSet<>();
    for (String index : cluster.indices()) cluster.documents(index).keySet().forEach(id -> found.add(Integer.parseInt(id)));
    Set<Integer> left =
        IntStream.rangeClosed(1, count).filter(n -> n % 10 != 0 && n % 10 != 9).boxed().collect(Collectors.toSet());
    assertEquals(left, found);
  }

  @Test
  void aCheckpointWaitsForNothingElseToBeSent() throws Exception {
    StreamExecutionEnvironment job = jobOn(flink, new Configuration());
    job.setParallelism(1);
    job.enableCheckpointing(50);
    // It never ends, and what is to be written fills no batch and waits for an hour: only a checkpoint can send it.
    job.fromSequence(1, Long.MAX_VALUE)
        .filter(number -> number <= 10)
        .sinkTo(
            OpenSearchSink.<Long>builder()
                .setConnection("search")
                .setIndex("orders")
                .setId(String::valueOf)
                .setDocument(number -> ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8))
                .setMaxBatchSize(100)
                .setMaxTimeInBufferMS(3_600_000)
                .build());
    JobClient running = job.executeAsync();
    try {
      Instant end = Instant.now().plus(Duration.ofMinutes(2));
      while (cluster.documents("orders").size() < 10) {
        assertTrue(Instant.now().isBefore(end), "no checkpoint has sent what waited");
        Thread.sleep(20);
      }
    } finally {
      running.cancel().get();
    }
  }

  @Test
  void aDocumentThatIsRefusedFailsTheJob() throws Exception {
    cluster.nextReplies(
        cluster.items(new Item(400, "{\"type\":\"mapper_parsing_exception\",\"reason\":\"failed to parse\"}")));
    assertTrue(
        failureOf("orders", "")
            .startsWith(
                "OpenSearch refuses to write the document \"1\" of the index orders (HTTP 400: mapper_parsing_exception:"
                    + " failed to parse)"));
  }

  @Test
  void aConnectionIsLookedForWhereTheSinkRuns() throws Exception {
    assertTrue(failureOf("orders", ", 'connection' = 'elsewhere'").startsWith("the cluster has no connection elsewhere"));
    assertTrue(failureOf("payments", "").startsWith("the index payments is none that the connection search may write"));
    assertTrue(failureOf("orders", ", 'sink.flush-buffer.size' = '10'").contains("but must have at most 10"));
    assertTrue(cluster.documents("orders").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | orders | 'format' = 'json' | PRIMARY KEY is null, but must be declared",
        ", PRIMARY KEY (id) NOT ENFORCED | Orders | 'format' = 'json' | index is",
        ", PRIMARY KEY (id) NOT ENFORCED | orders-{nobody} | 'format' = 'json' | made of fields of the table (id, shop,",
        ", PRIMARY KEY (id) NOT ENFORCED | orders | 'sink.batch.max-size' = '0' | sink.batch.max-size is 0",
        ", PRIMARY KEY (id) NOT ENFORCED | orders | 'sink.requests.max-buffered' = '500' | from 501",
        ", PRIMARY KEY (id) NOT ENFORCED | orders | 'sink.requests.max-inflight' = '2' | sink.requests.max-inflight",
        ", PRIMARY KEY (id, shop) NOT ENFORCED | orders | 'document-id.key-delimiter' = '\\' | key-delimiter is",
        ", PRIMARY KEY (id) NOT ENFORCED | orders | 'connection' = '../search' | connection is",
      })
  void whatCannotWorkIsRefusedBeforeAJobIsMade(String key, String index, String option, String says)
      throws Exception {
    Tables tables = tablesWithChanges();
    tables.executeSql(sinkTable(index, key == null ? "" : key, option));
    Throwable failure =
        assertThrows(
            ValidationException.class, () -> tables.executeSql("EXPLAIN INSERT INTO sink SELECT * FROM changes"));
    assertTrue(messages(failure).contains(says), messages(failure));
  }

  private String failureOf(String index, String option) throws Exception {
    Tables tables = tablesWithChanges();
    tables.executeSql(sinkTable(index, KEY, option.replaceFirst("^, ", "")));
    Throwable failure =
        assertThrows(
            Exception.class, () -> tables.executeSql("INSERT INTO sink SELECT * FROM changes").await());
    return ExceptionUtils.findSerializedThrowable(
            failure, OpenSearchException.class, OpenSearchJobTest.class.getClassLoader())
        .orElseThrow(() -> new AssertionError(failure))
        .getMessage();
  }

  private static String messages(Throwable failure) {
    return Stream.iterate(failure, each -> each != null, Throwable::getCause)
        .map(each -> String.valueOf(each.getMessage()))
        .collect(Collectors.joining("\n"));
  }

  private static String sinkTable(String index, String key, String option) {
    return "CREATE TABLE sink (" + COLUMNS + key + ") WITH (" + options(index, option) + ")";
  }

  /** A further option may take the place of a usual one. */
  private static String options(String index, String option) {
    String connection = option.contains("'connection'") ? "" : ", 'connection' = 'search'";
    return "'connector' = 'opensearch', 'index' = '"
        + index
        + "'"
        + connection
        + (option.isEmpty() ? "" : ", " + option);
  }

  private static StreamExecutionEnvironment jobOn(MiniCluster cluster, Configuration configuration) throws Exception {
    URI address = cluster.getRestAddress().get();
    return StreamExecutionEnvironment.createRemoteEnvironment(address.getHost(), address.getPort(), configuration);
  }

  private static Tables tables() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    StreamExecutionEnvironment job = jobOn(flink, configuration);
    job.setParallelism(1);
    return new Tables(job, StreamTableEnvironment.create(job));
  }

  private static Tables tablesWithChanges() throws Exception {
    Tables tables = tables();
    LocalDate november = LocalDate.of(2026, 11, 30);
    register(
        tables,
        "changes",
        List.of(
            Row.ofKind(RowKind.INSERT, 1L, "south", november, amount("10.00")),
            Row.ofKind(RowKind.INSERT, 2L, "north", november, amount("20.00")),
            Row.ofKind(RowKind.UPDATE_AFTER, 1L, "north", november, amount("10.50")),
            Row.ofKind(RowKind.DELETE, 2L, "north", november, amount("20.00")),
            Row.ofKind(RowKind.INSERT, 3L, null, november.plusDays(1), amount("30.25"))),
        Types.ROW_NAMED(
            new String[] {"id", "shop", "ordered", "amount"},
            Types.LONG,
            Types.STRING,
            Types.LOCAL_DATE,
            Types.BIG_DEC),
        Schema.newBuilder()
            .column("id", DataTypes.BIGINT().notNull())
            .column("shop", DataTypes.STRING())
            .column("ordered", DataTypes.DATE())
            .column("amount", DataTypes.DECIMAL(10, 2)));
    return tables;
  }

  private static void register(
      Tables tables, String name, List<Row> changes, TypeInformation<Row> type, Schema.Builder schema) {
    tables
        .environment()
        .createTemporaryView(
            name,
            tables
                .environment()
                .fromChangelogStream(
                    tables.job().fromData(changes, type),
                    schema.primaryKey("id").build(),
                    ChangelogMode.upsert()));
  }

  private static BigDecimal amount(String text) {
    return new BigDecimal(text);
  }

  /** Passes numbers on, but fails once, after a checkpoint; from a number on it is slow until then, so that there is one. */
  private static final class FailsOnce implements MapFunction<Long, Long>, CheckpointListener {
    static final AtomicBoolean HAS_FAILED = new AtomicBoolean();
    private final long slowFrom;
    private boolean isAfterCheckpoint;

    FailsOnce(long slowFrom) {
      this.slowFrom = slowFrom;
    }

    @Override
    public Long map(Long number) throws InterruptedException {
      if (HAS_FAILED.get()) return number;
      if (isAfterCheckpoint && HAS_FAILED.compareAndSet(false, true)) throw new IllegalStateException("as the test wants");
      if (number % (2 * slowFrom) >= slowFrom) Thread.sleep(1);
      return number;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      isAfterCheckpoint = true;
    }
  }

  private record Tables(StreamExecutionEnvironment job, StreamTableEnvironment environment) {
    TableResult executeSql(String sql) {
      return environment.executeSql(sql);
    }
  }
}
