package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * User and password of a file that the node keeps as the secret is. It lies in memory and is short, so each request
 * reads it anew.
 */
final class BasicAuthentication implements Authentication {
  private final Path file;
  private String last;

  BasicAuthentication(Path file) {
    this.file = file;
  }

  @Override
  public Map<String, List<String>> headers(URI uri, Map<String, String> headers, byte[] body) throws IOException {
    last = read();
    return Map.of("Authorization", List.of(last));
  }

  @Override
  public boolean isRenewed() throws IOException {
    return !read().equals(last);
  }

  private String read() throws IOException {
    Properties found = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      found.load(reader);
    } catch (NoSuchFileException missing) {
      throw new OpenSearchException(
          file + " is not there, so jobs have no user and password: see what the node reports of the connection",
          missing);
    }
    String login = text(found, "username") + ":" + text(found, "password");
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  private String text(Properties found, String name) {
    String value = found.getProperty(name);
    if (value != null && !value.isEmpty()) return value;
    throw new OpenSearchException(file + " has no " + name + ": see what the node reports of the connection");
  }
}
