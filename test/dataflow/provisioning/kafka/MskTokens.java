import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * Lets a broker take tokens of Amazon MSK, and know who shows one by the id of the access key that signed it. Whether the
 * signature is right it does not look at: it has no such key.
 */
public final class MskTokens implements AuthenticateCallbackHandler {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Override
  public void configure(Map<String, ?> settings, String mechanism, List<AppConfigurationEntry> login) {}

  @Override
  public void close() {}

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      if (!(callback instanceof OAuthBearerValidatorCallback)) throw new UnsupportedCallbackException(callback);
      OAuthBearerValidatorCallback asked = (OAuthBearerValidatorCallback) callback;
      Map<String, String> said = parametersOf(asked.tokenValue());
      if ("kafka-cluster:Connect".equals(said.get("Action"))) asked.token(new Token(asked.tokenValue(), said));
      else asked.error("invalid_token", null, null);
    }
  }

  private static Map<String, String> parametersOf(String token) {
    String address = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    return Arrays.stream(URI.create(address).getRawQuery().split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private record Token(String value, Map<String, String> said) implements OAuthBearerToken {
    @Override
    public Set<String> scope() {
      return Set.of();
    }

    @Override
    public long lifetimeMs() {
      long seconds = Long.parseLong(said.get("X-Amz-Expires"));
      return Instant.from(DATE.parse(said.get("X-Amz-Date"))).plusSeconds(seconds).toEpochMilli();
    }

    @Override
    public Long startTimeMs() {
      return null;
    }

    @Override
    public String principalName() {
      return said.get("X-Amz-Credential").split("/")[0];
    }
  }
}
