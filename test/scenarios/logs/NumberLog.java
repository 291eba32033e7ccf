import org.apache.flink.table.functions.ScalarFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function of a job that writes each number to the log: a line of it, of some the stack trace of a nested exception, and of
 * as many as are wanted a long line of another logger, so that the log's files are full soon.
 */
public class NumberLog extends ScalarFunction {
    private static final Logger NUMBERS = LoggerFactory.getLogger("numbers");
    private static final Logger PADDING = LoggerFactory.getLogger("padding");
    private static final String LONG_TEXT = "x".repeat(10_000);
    private static final int TRACE_EVERY = 100;

    public Long eval(Long number, Integer paddingEvery) {
        NUMBERS.info("number {}", number);
        if (number % TRACE_EVERY == 0) {
            NUMBERS.error("trace of number {}", number, nested(number, 20));
        }
        if (number % paddingEvery == 0) {
            PADDING.info(LONG_TEXT);
        }
        return number;
    }

    private static Exception nested(long number, int depth) {
        if (depth > 0) {
            return nested(number, depth - 1);
        }
        return new IllegalStateException(
                "outer of " + number + "\nwith a second line", new RuntimeException("inner of " + number));
    }
}
