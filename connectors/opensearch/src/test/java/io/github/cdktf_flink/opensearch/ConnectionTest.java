package io.github.cdktf_flink.opensearch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {
  private static final String BASIC =
      "{'kind':'opensearch','url':'https://search.example.internal:443','authentication':'basic',"
          + "'credentialsFile':'/run/search.properties','certificateAuthoritiesFile':'/etc/search.pem',"
          + "'indices':{'write':['orders','payments-*']}}";

  private static final String PROXY = "'proxy':{'host':'proxy.example.internal','port':3128},";

  @TempDir Path folder;

  @Test
  void readsWhatTheNodeWrites() throws IOException {
    assertEquals(
        new Connection(
            "search",
            URI.create("https://search.example.internal:443"),
            new Connection.Login.Basic(Path.of("/run/search.properties")),
            Optional.of(Path.of("/etc/search.pem")),
            Optional.of(InetSocketAddress.createUnresolved("proxy.example.internal", 3128)),
            List.of("orders", "payments-*")),
        read(BASIC.replace("'indices'", PROXY + "'indices'")));
    assertEquals(
        new Connection(
            "search",
            URI.create("https://vpc-search.eu-west-1.es.amazonaws.com:443"),
            new Connection.Login.Iam("eu-west-1"),
            Optional.empty(),
            Optional.empty(),
            List.of("orders")),
        read(
            "{'kind':'opensearch','url':'https://vpc-search.eu-west-1.es.amazonaws.com:443','authentication':'iam',"
                + "'region':'eu-west-1','indices':{'write':['orders']}}"));
  }

  @ParameterizedTest
  @CsvSource({"orders, true", "orders-2026, false", "payments-2026, true", "payments-, true", "payments, false"})
  void knowsWhatItMayWrite(String index, boolean isWritable) throws IOException {
    Connection connection = read(BASIC);
    if (isWritable) assertDoesNotThrow(() -> connection.requireWritable(index));
    else assertThrows(OpenSearchException.class, () -> connection.requireWritable(index));
  }

  @Test
  void saysWhatToDoWhereThereIsNone() {
    assertEquals(
        "the cluster has no connection search: call writeTo with indices of that OpenSearchCluster, or name another"
            + " connection",
        assertThrows(OpenSearchException.class, () -> Connection.read(folder, "search")).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secrets", "Search", "", "a/b", "search.json"})
  void refusesNamesThatAreNone(String name) {
    assertThrows(IllegalArgumentException.class, () -> Connection.read(folder, name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'opensearch' | 'kafka' | is of kind \"\"kafka\"\"",
        "'https: | 'http: | but must be https with a host",
        "'https://search.example.internal:443' | 'https:443' | but must be https with a host",
        "'basic' | 'none' | but must be basic or iam",
        "'basic' | 'iam' | region of the connection search is null",
        "'indices' | 'proxy':{'port':3128},'indices' | host of the connection search is null",
        "'indices' | 'proxy':{'host':'p','port':0},'indices' | port of the connection search is \"\"0\"\", but must be a port",
        "'indices' | 'proxy':{'host':'p','port':65536},'indices' | but must be a port",
        "'indices' | 'proxy':{'host':'p','port':'x'},'indices' | but must be a port",
        "'/run/search.properties' | 1 | credentialsFile of the connection search is",
        "{ | [ | is no JSON",
      })
  void refusesWhatItDoesNotKnow(String of, String by, String says) {
    String failure = assertThrows(OpenSearchException.class, () -> read(BASIC.replace(of, by))).getMessage();
    assertTrue(failure.contains(says.replace("\"\"", "\"")), failure);
  }

  private Connection read(String json) throws IOException {
    Files.writeString(folder.resolve("search.json"), json.replace('\'', '"'));
    return Connection.read(folder, "search");
  }
}
