import org.apache.flink.table.functions.ScalarFunction;

/** A function of a job that is busy with each number for longer than a checkpoint of the job may take. */
public class SlowNumber extends ScalarFunction {
    private static final long MILLIS = 3_000;

    public Long eval(Long number) throws InterruptedException {
        Thread.sleep(MILLIS);
        return number;
    }
}
