import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Question } from "../../support/pictures/grafana-questions";
import { freePort } from "../../support/free-port";
import { ensurePrometheus } from "./metrics-software";
import { remoteWriteBody, WrittenSeries } from "./remote-write";
import { ServerProcess } from "./server-process";
import { TlsFront } from "./tls-front";
import { until } from "./until";

/** A series with all its samples. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the value as a text. */
  readonly values: readonly (readonly [number, string])[];
}

/** One of the series that an expression gives, at one moment. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A real Prometheus on loopback that takes remote writes, behind HTTPS and a login. */
export class LoopbackPrometheus {
  public static async start(authorization: string): Promise<LoopbackPrometheus> {
    const program = await ensurePrometheus();
    const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
    writeFileSync(join(folder, "prometheus.yml"), "{}\n");
    const port = await freePort();
    const server = new ServerProcess([
      ...[program, `--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, "--log.level=warn"],
      ...[`--web.listen-address=127.0.0.1:${port}`, "--web.enable-remote-write-receiver"],
    ]);
    const prometheus = new LoopbackPrometheus(folder, port, server, await TlsFront.start(port, authorization));
    await until(async () => {
      server.requireRunning();
      const ready = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
      return ready?.ok ? true : undefined;
    }, "Prometheus");
    return prometheus;
  }

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly server: ServerProcess,
    public readonly front: TlsFront,
  ) {}

  /** All samples of the last hour of the series that a selector finds. */
  public async ask(selector: string): Promise<readonly Series[]> {
    return this.query<Series>({ query: `${selector}[1h]` });
  }

  /** What an expression is at a moment. */
  public async askAt(expression: string, seconds: number): Promise<readonly Sample[]> {
    return this.query<Sample>({ query: expression, time: String(seconds) });
  }

  /** What an expression is at moments from one to another. */
  public async askOver({ expression, from, to, step }: Question): Promise<readonly Series[]> {
    const range = { start: String(from), end: String(to), step: String(step) };
    return this.query<Series>({ query: expression, ...range }, "query_range");
  }

  /** By remote write, past what stands before it. */
  public async write(series: readonly WrittenSeries[]): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/write`, {
      method: "POST",
      headers: { "Content-Type": "application/x-protobuf", "Content-Encoding": "snappy" },
      body: remoteWriteBody(series),
    });
    if (!answer.ok) throw new Error(`Prometheus: ${await answer.text()}`);
  }

  private async query<T>(parameters: Record<string, string>, path = "query"): Promise<readonly T[]> {
    const query = new URLSearchParams(parameters);
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}?${query.toString()}`);
    const { data, error } = (await answer.json()) as { data?: { result: T[] }; error?: string };
    if (!data) throw new Error(`Prometheus: ${error}`);
    return data.result;
  }

  public async stop(): Promise<void> {
    await this.front.stop();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
