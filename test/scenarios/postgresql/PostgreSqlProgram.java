import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A client of PostgreSQL for tests. Its argument is a JDBC URL. It reads statements from standard input, a line each, and
 * answers each with a line: "answer: done " with the first field of the first row, or else how many rows were changed; or
 * "answer: failed " with SQL's name of the error (its SQLSTATE) and what was said of it.
 */
public final class PostgreSqlProgram {
  public static void main(String[] arguments) throws Exception {
    BufferedReader statements = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = statements.readLine(); line != null; line = statements.readLine()) {
      System.out.println("answer: " + answer(arguments[0], line));
    }
  }

  /** With a connection for each statement, so that none sees what another one left of a session. */
  private static String answer(String url, String text) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      return statement.execute(text)
          ? "done " + oneLine(firstField(statement.getResultSet()))
          : "done " + statement.getUpdateCount();
    } catch (SQLException error) {
      return "failed " + error.getSQLState() + " " + oneLine(messages(error));
    }
  }

  private static String firstField(ResultSet rows) throws SQLException {
    return rows.next() ? String.valueOf(rows.getString(1)) : "";
  }

  /** That of TLS is in what led to the driver's own. */
  private static String messages(Throwable error) {
    String message = String.valueOf(error.getMessage());
    return error.getCause() == null ? message : message + "; " + messages(error.getCause());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ").trim();
  }
}
