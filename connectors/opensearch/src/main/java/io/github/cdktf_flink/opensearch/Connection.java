package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a node tells its jobs of an OpenSearch cluster, in {@code $FLINK_CONNECTIONS_DIR/<name>.json}.
 *
 * @param url {@code https://host:port}
 * @param authorities PEM of those that may sign the cluster's certificate; without it, those of the Java runtime
 * @param proxy which tunnels to the cluster (HTTP CONNECT), and resolves its name; without it, the cluster is called itself
 * @param writable names of indices; the last character may be {@code *}
 */
record Connection(
    String name,
    URI url,
    Login login,
    Optional<Path> authorities,
    Optional<InetSocketAddress> proxy,
    List<String> writable) {
  private static final String DIRECTORY = "FLINK_CONNECTIONS_DIR";
  private static final int LARGEST_PORT = 65_535;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How requests are known to be of the jobs. */
  sealed interface Login {
    /** By user and password, which this file of Java properties holds. */
    record Basic(Path credentials) implements Login {}

    /** By the role that the process has in AWS. */
    record Iam(String region) implements Login {}
  }

  static String requireName(String property, String name) {
    if (name != null && NAME.matcher(name).matches()) return name;
    throw Refusal.of(
        property,
        name,
        "1 to 63 lower-case letters, digits and '-', beginning with a letter",
        "give the connectionName of the OpenSearchCluster");
  }

  /** Looks on this machine; who plans a job may have none. */
  static Connection find(String name) {
    String directory = System.getenv(DIRECTORY);
    if (directory != null && !directory.isEmpty()) return read(Path.of(directory), name);
    throw new OpenSearchException(
        DIRECTORY + " is not set where the sink runs: run the job on a cluster that writes to the connection " + name);
  }

  static Connection read(Path directory, String name) {
    Path file = directory.resolve(requireName("connection", name) + ".json");
    try {
      return parse(name, JSON.readTree(Files.readAllBytes(file)));
    } catch (NoSuchFileException missing) {
      throw new OpenSearchException(
          "the cluster has no connection "
              + name
              + ": call writeTo with indices of that OpenSearchCluster, or name another connection",
          missing);
    } catch (JsonProcessingException broken) {
      throw new OpenSearchException(file + " is no JSON: deploy the cluster anew", broken);
    } catch (IOException unreadable) {
      throw new OpenSearchException(file + " cannot be read: " + unreadable, unreadable);
    }
  }

  /** Refuses an index that the cluster was not allowed to write; IAM or roles of OpenSearch would, too, but later. */
  void requireWritable(String index) {
    if (writable.stream().anyMatch(pattern -> covers(pattern, index))) return;
    throw new OpenSearchException(
        String.format(
            "the index %s is none that the connection %s may write (%s): call writeTo with indices that cover it",
            index, name, writable.isEmpty() ? "none" : String.join(", ", writable)));
  }

  private static boolean covers(String pattern, String index) {
    return pattern.endsWith("*")
        ? index.startsWith(pattern.substring(0, pattern.length() - 1))
        : index.equals(pattern);
  }

  private static Connection parse(String name, JsonNode json) {
    String kind = text(name, json, "kind");
    if (!kind.equals("opensearch")) {
      throw new OpenSearchException(
          String.format(
              "the connection %s is of kind %s, but must be of kind opensearch: name that of an OpenSearchCluster",
              name, Refusal.show(kind)));
    }
    List<String> writable = new ArrayList<>();
    json.path("indices").path("write").forEach(index -> writable.add(index.asText()));
    return new Connection(
        name,
        parseUrl(name, text(name, json, "url")),
        parseLogin(name, json),
        json.hasNonNull("certificateAuthoritiesFile")
            ? Optional.of(Path.of(text(name, json, "certificateAuthoritiesFile")))
            : Optional.empty(),
        json.hasNonNull("proxy") ? Optional.of(parseProxy(name, json.path("proxy"))) : Optional.empty(),
        List.copyOf(writable));
  }

  /** Its name is looked up anew for each connection, as it may move. */
  private static InetSocketAddress parseProxy(String name, JsonNode json) {
    String host = text(name, json, "host");
    JsonNode port = json.path("port");
    if (port.canConvertToInt() && port.asInt() >= 1 && port.asInt() <= LARGEST_PORT) {
      return InetSocketAddress.createUnresolved(host, port.asInt());
    }
    throw unknown(name, "port", port.isMissingNode() ? null : port.toString(), "a port");
  }

  private static URI parseUrl(String name, String text) {
    URI url = URI.create(text);
    if ("https".equals(url.getScheme()) && url.getHost() != null) return url;
    throw unknown(name, "url", text, "https with a host");
  }

  private static Login parseLogin(String name, JsonNode json) {
    String authentication = text(name, json, "authentication");
    return switch (authentication) {
      case "basic" -> new Login.Basic(Path.of(text(name, json, "credentialsFile")));
      case "iam" -> new Login.Iam(text(name, json, "region"));
      default -> throw unknown(name, "authentication", authentication, "basic or iam");
    };
  }

  private static String text(String name, JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (value.isTextual() && !value.asText().isEmpty()) return value.asText();
    throw unknown(name, field, value.isMissingNode() ? null : value.toString(), "a text");
  }

  private static OpenSearchException unknown(String name, String field, String value, String allowed) {
    return new OpenSearchException(
        String.format(
            "%s of the connection %s is %s, but must be %s: deploy the cluster with the version of this connector",
            field, name, Refusal.show(value), allowed));
  }
}
