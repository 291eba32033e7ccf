import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A client of OpenSearch for tests. Its arguments are an address, a PEM file of the authorities that it trusts and a
 * file of Java properties with `username` and `password`; `-` for one of the files is: those of the Java machine, and
 * nobody. It reads commands from standard input, a line each: method, path and the body in base64, if there is one. It
 * answers each with a line: "answer: done " with the status and the body, or "answer: failed " with the error's name.
 */
public final class OpenSearchProgram {
  private static final String NONE = "-";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String address;
  private final HttpClient client;
  private final String login;

  private OpenSearchProgram(String address, String authorities, String credentials)
      throws IOException, GeneralSecurityException {
    this.address = address;
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    if (!authorities.equals(NONE)) builder.sslContext(trusting(authorities));
    this.client = builder.build();
    this.login = credentials.equals(NONE) ? null : loginOf(credentials);
  }

  public static void main(String[] arguments) throws Exception {
    OpenSearchProgram program = new OpenSearchProgram(arguments[0], arguments[1], arguments[2]);
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println("answer: " + program.answer(line.split(" ")));
    }
  }

  private String answer(String[] command) throws InterruptedException {
    byte[] body = command.length > 2 ? Base64.getDecoder().decode(command[2]) : new byte[0];
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + command[1]))
            .timeout(PATIENCE)
            .method(command[0], body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (body.length > 0) request.header("Content-Type", "application/json");
    if (login != null) request.header("Authorization", login);
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return "done " + response.statusCode() + " " + oneLine(response.body());
    } catch (IOException error) {
      return "failed " + error.getClass().getSimpleName() + " " + oneLine(String.valueOf(error.getMessage()));
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ").trim();
  }

  private static String loginOf(String file) throws IOException {
    Properties credentials = new Properties();
    try (FileReader reader = new FileReader(file, StandardCharsets.UTF_8)) {
      credentials.load(reader);
    }
    String pair = credentials.getProperty("username") + ":" + credentials.getProperty("password");
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static SSLContext trusting(String file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = new FileInputStream(file)) {
      for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
