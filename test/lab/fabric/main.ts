import { Account } from "../account";
import { EmulatorClients } from "../../emulator/clients";
import { METADATA_ADDRESS } from "../namespace";
import { Judge } from "./api-call";
import { NameServer } from "./dns";
import { Front } from "./front";
import { MetadataService } from "./metadata-service";
import { resolve } from "./names";
import { FromFabric, ToFabric } from "./protocol";

/** The program inside the namespace: everything of the cloud that machines speak to. */

/** Every call is allowed until there is a judge. */
const ALLOW_ALL: Judge = () => ({ allowed: true, reason: "no judge" });

let account: Account | undefined;
let s3Address = "";
let front: Front;
let names: NameServer;

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
    const judge: Judge = message.judgeModule
      ? // eslint-disable-next-line @typescript-eslint/no-require-imports -- known only now
        (require(message.judgeModule) as { judge: Judge }).judge
      : ALLOW_ALL;
    front = new Front({ ...message, judge });
    names = new NameServer((from, name, type) => resolve(known(), s3Address, from, name, type));
    await new MetadataService(known, clients.iam, clients.sts).listen(METADATA_ADDRESS);
    tell({ kind: "started" });
    return;
  }
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
