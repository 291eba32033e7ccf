import { Patience, withPatience } from "../function/patience";
import type { ProvisioningProblem } from "../function/problem";
import type { SecretStore } from "../function/secret-store";

/** Secrets of a role whose policy may not hold everywhere yet: of a secret that was just made, each call may be refused for a while. */
export class PatientSecrets implements SecretStore {
  public constructor(
    private readonly secrets: SecretStore,
    private readonly patience: Patience,
  ) {}

  public read(secretArn: string): Promise<string | undefined> {
    return withPatience(this.patience, isNotAllowedYet, () => this.secrets.read(secretArn));
  }

  public write(secretArn: string, text: string): Promise<void> {
    return withPatience(this.patience, isNotAllowedYet, () => this.secrets.write(secretArn, text));
  }
}

export function isNotAllowedYet(failure: unknown): boolean {
  return (failure as Partial<ProvisioningProblem>).code === "AccessDeniedException";
}
