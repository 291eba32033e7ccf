import { Problem } from "./problem";

/** What to tell of a call that failed for want of credentials or of a region, whichever service it was for. */
export function accessProblem(failure: unknown): Problem | undefined {
  const { name, message } = failure as Error;
  const told = (text: string): Problem => new Problem(text, { cause: failure });
  if (name === "CredentialsProviderError") {
    const profile = process.env.AWS_PROFILE ? ` for the profile ${process.env.AWS_PROFILE}` : "";
    return told(`no AWS credentials were found${profile}: sign in, or set AWS_PROFILE (${sentence(message)})`);
  }
  if (/^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/.test(name)) {
    return told(`the AWS credentials have expired: sign in again (${sentence(message)})`);
  }
  if (/region is missing/i.test(message)) {
    return told("the region is not known: give it as --region, or set AWS_REGION");
  }
  return undefined;
}

/** What the SDK says, to stand within a sentence of ours. */
function sentence(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
}
