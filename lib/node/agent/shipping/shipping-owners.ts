import type { Owner } from "../files";

/** Whose what lies in memory is. */
export interface ShippingOwners {
  /** Root's, and readable for the shippers. */
  readonly readable: Owner;
  /** The shippers' own. */
  readonly own: Owner;
}
