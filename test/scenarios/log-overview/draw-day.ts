import { putIndexTemplate } from "../../../lib/observability/log-indices/put-index-template";
import { ADMINISTRATOR, LoopbackOpenSearch } from "../../dataflow/provisioning/opensearch/loopback-opensearch";
import { DAY } from "../made-up-day";
import { dayOfLogs } from "./day-of-logs";
import { overviewAsSvg, searchesOfOverview } from "./draw-overview";

const PREFIX = "day-of-logs";

/** The overview as SVG, of what a real OpenSearch answers that is filled with a day of logs first. */
export async function drawDay(server: LoopbackOpenSearch): Promise<string> {
  const call = ({ method, path, body }: { method: string; path: string; body?: object }) =>
    server.ask(ADMINISTRATOR, method, path, body);
  await putIndexTemplate({ call }, PREFIX);
  const bulk = dayOfLogs().map((line) => `{"create":{}}\n${JSON.stringify(line)}\n`);
  const index = `${PREFIX}-${DAY.from.slice(0, 10).replaceAll("-", ".")}`;
  const { body } = await server.ask(ADMINISTRATOR, "POST", `/${index}/_bulk?refresh=true`, bulk.join(""));
  if (body.errors !== false)
    throw new Error(`OpenSearch did not take the day of logs: ${JSON.stringify(body).slice(0, 500)}`);
  const answers: object[] = [];
  for (const search of searchesOfOverview(DAY)) answers.push(await server.tell("POST", `/${PREFIX}-*/_search`, search));
  return overviewAsSvg(answers, DAY);
}
