import { ATTEMPT_USER_AGENT } from "../../lab/judge/figures";
import type { Lab } from "../../lab/lab";
import type { Identity } from "./command-line";

/** A session that somebody tries to begin with a machine, and must not have. */
export interface SessionAttempt {
  readonly attempt: string;
  readonly as: Identity;
  readonly target: string;
  /** Left out for a shell. */
  readonly document?: string;
}

const PROGRAM = `
const { SSMClient, StartSessionCommand } = require("@aws-sdk/client-ssm");
const [Target, DocumentName] = process.argv.slice(1);
new SSMClient({})
  .send(new StartSessionCommand({ Target, DocumentName }))
  .then(() => console.log("begun"), ({ name, message }) => console.log(name + ": " + message));
`;

/** What Systems Manager answers. */
export async function tryToBegin(lab: Lab, { as, target, document }: SessionAttempt): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(
    [process.execPath, "-e", PROGRAM, target, ...(document === undefined ? [] : [document])],
    { env: { ...as, AWS_SDK_UA_APP_ID: ATTEMPT_USER_AGENT } },
  );
  if (code !== 0) throw new Error(`no session could be tried: ${stderr}`);
  return stdout.trim();
}
