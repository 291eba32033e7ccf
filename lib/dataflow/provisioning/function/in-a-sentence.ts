import { ProvisioningProblem } from "./problem";

/** What becomes of a failure, where Terraform shows it: of a fault of our own the first line alone, as what follows is places in a bundle. */
export async function inASentence<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (failure) {
    throw failure instanceof ProvisioningProblem ? failure : new ProvisioningProblem((failure as Error).message);
  }
}
