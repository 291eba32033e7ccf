import { parse } from "yaml";
import {
  logCollectorUnit,
  renderJournalReader,
  renderLogCollectorConfiguration,
} from "../../../lib/node/logs/log-collector";
import { LOGGED_PROCESSES } from "../../../lib/node/logs/log-exporter-service";
import { clusterInput } from "../support/cluster-input";

interface Receiver {
  readonly include?: readonly string[];
  readonly attributes: { readonly source: string };
  readonly retry_on_failure: object;
  readonly storage?: string;
  readonly operators?: readonly { readonly expr: string }[];
  readonly [option: string]: unknown;
}

const text = renderLogCollectorConfiguration(LOGGED_PROCESSES);
const { extensions, receivers, exporters, service } = parse(text) as {
  readonly extensions: object;
  readonly receivers: Readonly<Record<string, Receiver>>;
  readonly exporters: { readonly otlp_http: Record<string, unknown> };
  readonly service: { readonly pipelines: { readonly logs: { readonly receivers: string[] } } };
};

const FOR_EVER = expect.objectContaining({ enabled: true, max_elapsed_time: "0s" }) as object;

describe("the collector's configuration", () => {
  test("hands everything to the exporter on this machine, and tries for ever", () => {
    expect(exporters.otlp_http).toMatchObject({
      endpoint: "http://127.0.0.1:958",
      encoding: "json",
      headers: { authorization: "${file:/run/cdktf-flink/logs/collector-token}" },
      retry_on_failure: FOR_EVER,
    });
    for (const receiver of Object.values(receivers)) expect(receiver.retry_on_failure).toEqual(FOR_EVER);
    expect(service.pipelines.logs.receivers).toEqual(Object.keys(receivers));
  });

  // In a queue lines would be noted as read that nobody has.
  test("has no queue of its own, and notes of what was read that outlive a loss of power", () => {
    expect(exporters.otlp_http.sending_queue).toEqual({ enabled: false });
    expect(extensions).toEqual({ file_storage: { directory: "/opt/cdktf-flink/data/logs/collector", fsync: true } });
  });

  test("reads the current and the older files of each process, from their beginning, and whole lines alone", () => {
    for (const role of ["jobmanager", "taskmanager"]) {
      const file = `/opt/cdktf-flink/data/logs/${role}/lines.json`;
      expect(receivers[`file_log/${role}`]).toMatchObject({
        include: [file, `${file}.*`],
        start_at: "beginning",
        storage: "file_storage",
        attributes: { source: role },
        force_flush_period: "0s",
        on_truncate: "read_whole_file",
      });
    }
  });

  // The receiver notes an entry before it hands it over: one would be lost with each end of the collector.
  test("leaves it to the exporter to note which entry of the journal came last", () => {
    expect(receivers.journald).not.toHaveProperty("storage");
    expect(receivers.journald.journalctl_path).toBe("/opt/cdktf-flink/etc/logs/read-journal.sh");
    expect(receivers.journald.operators![0].expr).toBe(
      'body._SYSTEMD_UNIT in ["flink-log-collector.service", "flink-log-exporter.service"]',
    );
  });

  // 15 is what was measured with lines of nothing but characters that JSON escapes, in batches of 100, as the receiver has them.
  test("has memory for the longest lines that a job can write", () => {
    const { content } = logCollectorUnit({ ...clusterInput().software.flink, name: "otelcol" });
    const [, most] = /^MemoryMax=(\d+)$/m.exec(content)!;
    for (const { role } of LOGGED_PROCESSES) {
      const [, kibibytes] = /^(\d+)KiB$/.exec(receivers[`file_log/${role}`].max_log_size as string)!;
      expect(100 * 15 * Number(kibibytes) * 1024).toBeLessThan(Number(most));
    }
  });

  test("is plain: the same text for the same nodes, and no alias of YAML", () => {
    expect(renderLogCollectorConfiguration(LOGGED_PROCESSES)).toBe(text);
    expect(text).not.toMatch(/[&*]a\d/);
  });
});

test("the journal is read behind the last delivered entry, with entries of no priority too", () => {
  const lines = renderJournalReader().trim().split("\n");
  expect(lines[0]).toBe("#!/bin/sh");
  expect(lines.at(-1)).toMatch(/^exec \/usr\/bin\/journalctl --follow --no-tail --all --quiet --output=json /);
  expect(lines.at(-1)).toMatch(/ \$\{cursor:\+--after-cursor="\$cursor"\}$/);
  expect(lines.at(-1)).not.toContain("--priority");
});
