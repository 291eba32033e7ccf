import { type ClusterChanges, clusterChanges } from "./cluster-changes";
import { UNKNOWN_CLUSTER } from "./clusters";
import { type DataLoss, dataLosses } from "./data-losses";
import { type Door, doorsOf } from "./doors";
import { type FixedChange, fixedChanges } from "./fixed-changes";
import { isDown } from "./machines";
import { newMemberships } from "./memberships";
import { type PermissionChange, permissionChanges } from "./permissions";
import { publicPlaces } from "./public-places";
import { kindOf } from "./resource-kinds";
import { changesMetadata, isOfNewerImageOnly } from "./told-images";
import type { PlannedAction, ResourceChange, TerraformPlan } from "./terraform-plan";

/** What must not happen unmeant. */
export interface Danger {
  readonly address: string;
  /** One sentence without a full stop. */
  readonly why: string;
  /** Whether somebody said that it is meant. */
  readonly isAllowed: boolean;
}

/** A resource that a plan touches. */
export interface TouchedResource {
  readonly address: string;
  readonly type: string;
  readonly action: Exclude<PlannedAction, "none">;
  /** Whether this version knows what the type is; of another nobody says whether it holds data. */
  readonly isKnown: boolean;
  /** Whether it is told of by name among machines, data, doors or permissions. */
  readonly isTold: boolean;
}

/** A resource that the state has otherwise after the apply, whatever happens to itself. */
export interface StateChange {
  readonly address: string;
  /** Address that the state has it by until then; left out where it is imported. */
  readonly movedFrom?: string;
}

/** What a plan would do. */
export interface PlanJudgement {
  /** Whether something of it is dangerous and not allowed. */
  readonly isDangerous: boolean;
  /** Whether all that it does is to tell of a newer machine image, which nobody here made: the program is as it was, and so is what is deployed. */
  readonly isNewerImageOnly: boolean;
  readonly dangers: readonly Danger[];
  readonly clusters: readonly ClusterChanges[];
  readonly dataLosses: readonly DataLoss[];
  readonly fixedChanges: readonly FixedChange[];
  readonly doors: readonly Door[];
  readonly permissions: readonly PermissionChange[];
  /** Every resource that is touched, those above among them. */
  readonly resources: readonly TouchedResource[];
  /** What the plan moves in the state, or imports into it. */
  readonly stateChanges: readonly StateChange[];
  /** Names of the outputs that have another value, or may have. */
  readonly outputs: readonly string[];
  /** What else whoever applies it should know: one sentence each, without a full stop. */
  readonly notes: readonly string[];
}

/**
 * Judges a plan. Dangerous are: more than one node of a cluster that is stopped, replaced or removed at once (those whose
 * machines the apply changes one after the other are not); the end of
 * what holds data, or of the key to it, and rules by which it is kept for a shorter time; another value of what is fixed for a
 * cluster's life; a door for the whole internet, and what else is made public; actions of Terraform.
 *
 * @param plan as it was read
 * @param allowed addresses of what is meant
 */
export function judgePlan(plan: TerraformPlan, allowed: readonly string[]): PlanJudgement {
  const { changes } = plan;
  const clusters = clusterChanges(changes);
  const [losses, fixed, doors] = [dataLosses(changes), fixedChanges(changes), doorsOf(changes)];
  const dangers = [
    ...dangersOfMachines(clusters),
    ...losses.map(({ address, action, what, meaning }) => ({ address, why: `${action}s ${what}: ${meaning}` })),
    ...fixed.map(({ address, what }) => ({ address, why: `changes what is fixed for a cluster's life: ${what}` })),
    ...doors
      .filter(({ isForAll }) => isForAll)
      .map(({ address, group, ports }) => ({
        address,
        why: `opens ${ports} of ${group} to the whole internet or much of it, or may`,
      })),
    ...publicPlaces(changes).map(({ address, what }) => ({ address, why: what })),
    ...plan.invocations.map(({ address, type }) => ({
      address,
      why: `is an action of Terraform, and what ${type} does to whom is not known here`,
    })),
  ].map((danger) => ({ ...danger, isAllowed: allowed.includes(danger.address) }));
  return {
    isDangerous: dangers.some(({ isAllowed }) => !isAllowed),
    isNewerImageOnly: isAllOfNewerImages(plan),
    ...{ dangers, clusters, dataLosses: losses, fixedChanges: fixed, doors },
    permissions: permissionChanges(changes),
    resources: changes.flatMap(touched),
    stateChanges: changes.flatMap(stateChange),
    outputs: plan.changedOutputs,
    notes: notesOf(plan, clusters, allowed, dangers),
  };
}

/** A node of which nobody knows the cluster may be of each. */
function dangersOfMachines(clusters: readonly ClusterChanges[]): Pick<Danger, "address" | "why">[] {
  const downIn = (isCounted: (cluster: string) => boolean): number =>
    Math.max(0, ...clusters.filter(({ cluster }) => isCounted(cluster)).map(({ nodesDown }) => nodesDown.length));
  return clusters.flatMap(({ cluster, machines, nodesDown }) => {
    const others = downIn((other) => (other === UNKNOWN_CLUSTER) !== (cluster === UNKNOWN_CLUSTER));
    const more = nodesDown.length + others - 1;
    if (more < 1) return [];
    return machines.filter(isDown).map(({ address, node, fate }) => ({
      address,
      why: `${node} is ${fate}, with ${more} more of ${cluster} at once`,
    }));
  });
}

function isAllOfNewerImages(plan: TerraformPlan): boolean {
  const touchedOnes = plan.changes.filter(({ action }) => action !== "none");
  const isRest =
    plan.changedOutputs.length > 0 ||
    plan.invocations.length > 0 ||
    plan.changes.flatMap(stateChange).length > 0 ||
    !plan.isComplete;
  // Somebody may have written it there.
  const isForeign = ({ address }: ResourceChange): boolean =>
    plan.changedOutside.some((other) => other.address === address && changesMetadata(other));
  return !isRest && touchedOnes.length > 0 && touchedOnes.every((each) => isOfNewerImageOnly(each) && !isForeign(each));
}

function touched({ address, type, action }: ResourceChange): TouchedResource[] {
  if (action === "none") return [];
  const kind = kindOf(type);
  return [{ address, type, action, isKnown: kind !== undefined, isTold: kind !== undefined && kind !== "remade" }];
}

function stateChange({ address, movedFrom, isImported }: ResourceChange): StateChange[] {
  return movedFrom !== undefined || isImported ? [{ address, movedFrom }] : [];
}

function notesOf(
  { changes, isComplete }: TerraformPlan,
  clusters: readonly ClusterChanges[],
  allowed: readonly string[],
  dangers: readonly Danger[],
): readonly string[] {
  const touchedOnes = changes.filter(({ action }) => action !== "none");
  const buckets = changes
    .filter(({ type, action }) => type === "aws_s3_bucket" && isEnd(action))
    .map(({ before }) => before.id);
  const unversioned = touchedOnes.filter(
    ({ type, action, before }) =>
      type === "aws_s3_bucket_versioning" && action !== "create" && !buckets.includes(before.bucket),
  );
  const volumes = touchedOnes.filter(({ type, action }) => type === "aws_ebs_volume" && action === "update");
  const strangers = touchedOnes.filter(({ type, action }) => kindOf(type) === undefined && isEnd(action));
  const forgotten = touchedOnes.filter(({ action }) => action === "forget");
  const single = clusters.filter(
    ({ nodesBefore, nodesDown, resize }) =>
      nodesBefore === 1 && (nodesDown.length === 1 || resize?.machines.length === 1),
  );
  const listed = doorsOf(changes).filter(
    ({ change, direction, peer }) => change === "opens" && direction === "in" && /\bpl-[0-9a-f]/.test(peer),
  );
  const memberships = newMemberships(changes);
  const needless = allowed.filter((address) => !dangers.some((danger) => danger.address === address));
  return [
    ...(isComplete
      ? []
      : ["the plan is of a part of the program only, as with -target: what is left out is not judged"]),
    ...single.map(({ cluster }) => `${cluster} has one node: nothing of it runs while that is away`),
    ...volumes.filter(isSmaller).map(({ address }) => `${address} gets smaller, which AWS refuses in the apply`),
    ...unversioned.map(({ address }) => `${address} changes whether S3 keeps what is overwritten or deleted`),
    ...strangers.map(
      ({ address, type, action }) => `${address} is ${action}d, and whether a ${type} holds data is not known here`,
    ),
    ...listed.map(({ address, peer }) => `${address} lets in whoever is on ${peer}, and the plan does not say who is`),
    ...memberships.map(
      ({ member, group, isOfOthers }) =>
        `${member} becomes a member of the security group ${group}${isOfOthers ? ", and the plan does not say what that lets in and out" : ""}`,
    ),
    ...forgotten.map(({ address }) => `${address} stays as it is, and Terraform knows it no more`),
    ...needless.map((address) => `--allow ${address} is not needed: leave it out, as it would allow what comes later`),
  ];
}

function isEnd(action: PlannedAction): boolean {
  return action === "delete" || action === "replace";
}

function isSmaller({ before, after }: ResourceChange): boolean {
  return typeof before.size === "number" && typeof after.size === "number" && after.size < before.size;
}
