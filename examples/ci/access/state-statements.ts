import { PLAN_PREFIX, STATE_PREFIX } from "../state";
import { Statement } from "./statements";

/** The bucket of the state, and its key. */
export interface StateBucket {
  readonly bucketArn: string;
  readonly keyArn: string;
  readonly region: string;
}

/** To read the state of the stacks, and nobody else's. */
export function readState(state: StateBucket): Statement[] {
  return [
    {
      Sid: "FindState",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [state.bucketArn],
      // IfExists, because a state that is not there yet is asked for without a prefix: it would answer 403 and not 404.
      Condition: { StringLikeIfExists: { "s3:prefix": [`${STATE_PREFIX}*`, "env:/*"] } },
    },
    {
      Sid: "ReadState",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [`${state.bucketArn}/${STATE_PREFIX}*`],
    },
    useKey(state, "OpenState", ["kms:Decrypt"]),
  ];
}

/** To hold the lock of a state, and to leave a plan. */
export function savePlans(state: StateBucket): Statement[] {
  return [
    lock(state),
    {
      Sid: "LeavePlan",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${state.bucketArn}/${PLAN_PREFIX}*`],
    },
    useKey(state, "SealPlan", ["kms:GenerateDataKey"]),
  ];
}

/** To take a plan, and to write the state that it leads to. */
export function applyPlans(state: StateBucket): Statement[] {
  return [
    lock(state),
    {
      Sid: "TakePlan",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:DeleteObject"],
      Resource: [`${state.bucketArn}/${PLAN_PREFIX}*`],
    },
    {
      Sid: "WriteState",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${state.bucketArn}/${STATE_PREFIX}*.tfstate`],
    },
    useKey(state, "SealState", ["kms:GenerateDataKey"]),
  ];
}

function lock({ bucketArn }: StateBucket): Statement {
  return {
    Sid: "HoldLock",
    Effect: "Allow",
    Action: ["s3:PutObject", "s3:DeleteObject"],
    Resource: [`${bucketArn}/${STATE_PREFIX}*.tflock`],
  };
}

function useKey({ keyArn, region }: StateBucket, sid: string, actions: readonly string[]): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: [keyArn],
    Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
  };
}
