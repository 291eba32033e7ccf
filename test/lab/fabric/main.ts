import { Account } from "../account";
import { EmulatorClients } from "../../emulator/clients";
import { AccountJudge } from "../judge/judge";
import { PolicyReader } from "../judge/policy-reader";
import { WatchedPolicies } from "../judge/watched-policies";
import { METADATA_ADDRESS } from "../namespace";
import type { ApiCall, Verdict } from "./api-call";
import { NameServer } from "./dns";
import { Front } from "./front";
import { MetadataService } from "./metadata-service";
import { resolve } from "./names";
import { FromFabric, ToFabric } from "./protocol";
import { SessionManager } from "./session-manager";
import { credentialsFor, CredentialsOffice, ServiceCredentials, ServiceRole } from "./service-credentials";

/** The program inside the namespace: everything of the cloud that machines speak to. */

let account: Account | undefined;
let s3Address = "";
let front: Front;
let names: NameServer;
let policies: WatchedPolicies;
let giveCredentials: (role: ServiceRole) => Promise<ServiceCredentials>;

function tell(message: FromFabric): void {
  process.send?.(message);
}

function known(): Account {
  if (!account) throw new Error("the account has not been read yet");
  return account;
}

async function handle(message: ToFabric): Promise<void> {
  if (message.kind === "start") {
    const clients = new EmulatorClients(message.region, message.emulatorSocket);
    const reader = new PolicyReader(message.region, clients);
    policies = new WatchedPolicies(() => reader.read(), message.statementFile);
    const sessions = new SessionManager(known, message.agents);
    const judge = new AccountJudge(
      policies,
      () => account?.vpcs ?? [],
      Date.now,
      () => ({
        instances: account?.instances ?? [],
        session: (id) => sessions.session(id),
      }),
    );
    const office: CredentialsOffice = {
      learn: (key) => judge.learn(key),
      serviceMayAssume: async (service, roleArn) => {
        const verdict = await judge.serviceMayAssume(service, roleArn);
        front.note("sts", "AssumeRole", verdict);
        return verdict;
      },
    };
    giveCredentials = (role) => credentialsFor(role, clients.sts, office);
    const answer = (call: ApiCall, { userId }: Verdict) => sessions.answer(call, userId);
    front = new Front({ ...message, judge: judge.judge, answer });
    names = new NameServer((from, name, type) => resolve(known(), s3Address, from, name, type));
    await new MetadataService(known, clients.iam, clients.sts, office).listen(METADATA_ADDRESS);
    tell({ kind: "started" });
    return;
  }
  if (message.kind === "role") {
    const credentials = await giveCredentials(message.role);
    tell({ kind: "credentials", number: message.number, credentials });
    return;
  }
  policies.invalidate();
  account = message.account;
  s3Address = message.s3Address;
  await Promise.all([
    ...message.resolverAddresses.map((address) => names.listen(address)),
    ...message.endpointAddresses.map((address) => front.listen(address)),
  ]);
  tell({ kind: "applied", number: message.number });
}

process.on("message", (message: ToFabric) => {
  handle(message).catch((error: Error) => tell({ kind: "failed", message: error.stack ?? error.message }));
});
// Whoever started it is gone: nothing is to be played any more.
process.on("disconnect", () => process.exit(0));
