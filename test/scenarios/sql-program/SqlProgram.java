import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** Submits the jobs of an SQL script, of which every statement ends with a semicolon at the end of a line. */
public final class SqlProgram {
  private static final Pattern SET = Pattern.compile("SET\\s+'([^']+)'\\s*=\\s*'([^']*)'");

  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    List<String> statements = new ArrayList<>();
    for (String statement : Files.readString(Path.of(arguments[0])).trim().split(";\\s*(\\n|$)")) {
      Matcher setting = SET.matcher(statement.trim());
      if (setting.matches()) configuration.setString(setting.group(1), setting.group(2));
      else statements.add(statement);
    }
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(configuration).build());
    for (String statement : statements) {
      // The words that the SQL client uses.
      tables.executeSql(statement).getJobClient().ifPresent(job -> System.out.println("Job ID: " + job.getJobID()));
    }
  }
}
