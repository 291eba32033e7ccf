/** Code of a problem where no answer came, which may be over in a moment. */
export const NOT_REACHED = "not reached";

/** What the deploy is told of what could not be made: one sentence without a full stop, which holds no secret. */
export class ProvisioningProblem extends Error {
  /**
   * @param message the sentence
   * @param code of the service or the database that refused, such as `AccessDeniedException` or `28P01`
   */
  public constructor(
    message: string,
    public readonly code?: string,
  ) {
    super(message);
    this.name = "ProvisioningProblem";
    // Terraform shows the stack beside the sentence: the sentence alone is for people.
    this.stack = `${this.name}: ${message}`;
  }
}
