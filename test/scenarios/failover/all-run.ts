import { AS_OPERATOR } from "../credentials";
import type { ShellHost } from "../shell-host";

/**
 * One process that asks ten times a second, as a client does that cannot wait. Whom it asks may hang with the question until
 * long after it has given up: that is part of what is tried.
 */
const PROGRAM = `
import json, ssl, sys, time, urllib.request
ask = json.load(sys.stdin)
tls = ssl.create_default_context(cafile=ask["authority"])
tls.load_cert_chain(ask["certificate"], ask["key"])
def get(path):
    for address in ask["addresses"]:
        try:
            with urllib.request.urlopen(address + path, timeout=2, context=tls) as answer:
                return json.load(answer)
        except Exception:
            pass
    return {}
def runs_whole(job):
    return job["state"] == "RUNNING" and 0 < job["tasks"]["total"] == job["tasks"]["running"]
def restored(jid):
    return (get("/jobs/%s/checkpoints" % jid).get("latest") or {}).get("restored") or {"restore_timestamp": 0}
def all_run():
    jobs = [job for job in get("/jobs/overview").get("jobs", []) if job["jid"] in ask["jids"]]
    if len(jobs) < len(ask["jids"]) or not all(map(runs_whole, jobs)):
        return False
    return all(restored(jid)["restore_timestamp"] > ask["since"] for jid in ask["jids"])
end = time.time() + ask["seconds"]
while not all_run():
    if time.time() > end:
        sys.exit("not all jobs run: " + json.dumps(get("/jobs/overview")))
    time.sleep(0.1)
print(int(time.time() * 1000))
`;

/**
 * Waits until every task of the jobs runs out of a checkpoint that was restored after a moment; gives when that was seen.
 *
 * @param client a machine that has a certificate
 * @param addresses of the REST API; the first one that answers is believed
 * @param since in milliseconds
 */
export async function waitUntilAllRun(
  client: ShellHost,
  addresses: readonly string[],
  jids: readonly string[],
  since: number,
): Promise<number> {
  const seconds = 240;
  const input = JSON.stringify({ ...AS_OPERATOR, addresses, jids, since, seconds });
  const said = await client.run(["python3", "-c", PROGRAM], { input, timeout: (seconds + 30) * 1000 });
  return Number(said);
}
