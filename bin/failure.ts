import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ValidationError } from "../lib/core/validation";
import { NotAllowed } from "../lib/software/access-problem";
import { explain, Problem } from "../lib/software/problem";

/** Exit code of what was asked for and failed. */
export const FAILED = 1;
/** Exit code of a command line that is wrong. */
export const WRONG_USAGE = 2;

/** What a failure is told as, and how the program ends. */
export interface ToldFailure {
  readonly sentence: string;
  readonly exitCode: number;
}

/** What to tell of whatever ended a command. `region` is that of the command, where one was named. */
export async function toldFailure(failure: unknown, region?: string): Promise<ToldFailure> {
  const exitCode = failure instanceof ValidationError ? WRONG_USAGE : FAILED;
  const sentence = failure instanceof Problem ? failure.message : explain(failure);
  if (!(failure instanceof NotAllowed)) return { sentence, exitCode };
  const arn = await ownIdentity(region);
  return { sentence: arn === undefined ? sentence : `${sentence}, as those of ${arn} may not`, exitCode };
}

/** Whose the credentials are, with the account; everybody may ask for that. Nothing where nobody answers. */
async function ownIdentity(region: string | undefined): Promise<string | undefined> {
  try {
    const { Arn } = await new STSClient({ region, maxAttempts: 1 }).send(new GetCallerIdentityCommand());
    return Arn;
  } catch {
    return undefined;
  }
}
