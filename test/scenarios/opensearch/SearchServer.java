import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.security.OpenSearchSecurityPlugin;

/**
 * A node of OpenSearch with its security plugin. Its argument is OpenSearch's home, with `config/opensearch.yml`. The
 * distribution, with its own start script, is in no package registry; its jars are.
 */
public final class SearchServer {
  private static final class SecureNode extends Node {
    private SecureNode(Environment environment) {
      // As classes: in a folder of plugins they would need a loader that is in no package registry either.
      super(environment, List.of(OpenSearchSecurityPlugin.class, ReindexPlugin.class), false);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Settings home = Settings.builder().put("path.home", arguments[0]).build();
    Node node = new SecureNode(InternalSettingsPreparer.prepareEnvironment(home, Map.of(), null, () -> "search"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    node.start();
    Thread.currentThread().join();
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (Exception error) {
      System.err.println("OpenSearch did not close: " + error);
    }
  }
}
