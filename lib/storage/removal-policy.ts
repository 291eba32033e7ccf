/** What becomes of things that hold data when they are taken out of the program or the stack is destroyed. */
export enum RemovalPolicy {
  /** They stay: Terraform refuses every plan that would destroy them (`prevent_destroy`). */
  RETAIN = "retain",
  /** They go with all they hold. For demos and tests. */
  DESTROY = "destroy",
}
