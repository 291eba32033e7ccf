/** What becomes of things that hold data when the stack is destroyed or they would have to be replaced. */
export enum RemovalPolicy {
  /**
   * They stay: Terraform refuses every plan that would destroy them (`prevent_destroy`), for as long as the program
   * names them. Taking the construct out of the program, or giving it another id, takes the protection out as well:
   * read the plan before you apply it.
   */
  RETAIN = "retain",
  /** They go with all they hold. For demos and tests. */
  DESTROY = "destroy",
}
