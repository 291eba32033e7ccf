import {
  FlinkLogDashboards,
  FlinkLogQuery,
  IndexPattern,
  LogCountOverTime,
  LogField,
  LogMetric,
  LogQuery,
  LogTable,
  LogTableColumn,
  LogTopTerms,
  OpenSearchDashboard,
  SavedObjects,
  SavedSearch,
} from "cdktf-flink";

const KAFKA = LogQuery.lucene("logger:org.apache.kafka.*").and(LogQuery.where(LogField.LEVEL, "WARN", "ERROR"));
const PAYMENTS = LogQuery.lucene("logger:com.example.payments.*");
const REJECTED = PAYMENTS.and(LogQuery.where("message", "payment rejected"));

/** Our own view of one team's lines, beside what the library brings. */
export function logDashboards(indexPrefix: string): SavedObjects {
  const ours = new FlinkLogDashboards({ indexPrefix });
  const { indexPattern } = ours;

  // A panel of ours on the library's overview.
  ours.overview.add({
    panel: new LogCountOverTime({ title: "Kafka: warnings", query: KAFKA, indexPattern }),
    width: 48,
  });

  return SavedObjects.of(...ours.objects, payments(indexPattern));
}

/** A dashboard of nothing but panels of ours. */
function payments(indexPattern: IndexPattern): OpenSearchDashboard {
  return new OpenSearchDashboard({
    title: "Payments",
    description: "What the jobs of the payments team say",
    from: "now-7d",
    panels: [
      { panel: new LogMetric({ title: "Payments: rejected", query: REJECTED, indexPattern }), width: 12 },
      {
        panel: new LogMetric({
          title: "Payments: jobs with errors",
          query: PAYMENTS.and(FlinkLogQuery.ERRORS),
          distinct: LogField.JOB_ID,
          indexPattern,
        }),
        width: 12,
      },
      {
        panel: new LogCountOverTime({
          title: "Payments: lines by level",
          query: PAYMENTS,
          splitBy: LogField.LEVEL,
          indexPattern,
        }),
      },
      {
        panel: new LogTopTerms({
          title: "Payments: loudest classes",
          query: PAYMENTS,
          field: LogField.LOGGER,
          indexPattern,
        }),
      },
      {
        panel: new LogTable({
          title: "Payments: exceptions",
          query: PAYMENTS.and(FlinkLogQuery.EXCEPTIONS),
          fields: [LogField.EXCEPTION, LogField.NODE],
          columns: [LogTableColumn.FIRST_LINE, LogTableColumn.LAST_LINE],
          indexPattern,
        }),
      },
      {
        panel: new SavedSearch({
          title: "Payments: rejected, line by line",
          query: REJECTED,
          columns: [LogField.JOB_ID, LogField.NODE, "message"],
          indexPattern,
        }),
        width: 48,
        height: 20,
      },
    ],
  });
}
