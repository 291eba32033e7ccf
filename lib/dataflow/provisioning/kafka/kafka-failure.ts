import { KafkaJSAggregateError, KafkaJSError, KafkaJSProtocolError } from "kafkajs";
import { ProvisioningProblem } from "../function/problem";

/** What the client of Kafka says where something does not come about; one of several where it is of several topics. */
export type KafkaFailure = KafkaJSError | KafkaJSAggregateError;

/** Of Kafka, in its own words; what a role may not look at yet looks like what is not there, until it is to be made. */
const NOT_ALLOWED_YET = ["TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "TOPIC_ALREADY_EXISTS"];

/** Code of a problem with topics that are there and that this client may not look at. */
export const NOT_SEEN = "not seen";

export function isOfKafka(failure: unknown): failure is KafkaFailure {
  return failure instanceof KafkaJSError || failure instanceof KafkaJSAggregateError;
}

/** Whether brokers refuse what the role's policy allows: it takes some seconds until they all know of it. */
export function isNotAllowedYet(failure: unknown): boolean {
  if (failure instanceof ProvisioningProblem) return failure.code === NOT_SEEN;
  return isOfKafka(failure) && partsOf(failure).some((one) => NOT_ALLOWED_YET.includes(typeOf(one)));
}

/** Of several topics Kafka says more than one thing. */
export function saidBy(failure: KafkaFailure): string {
  return partsOf(failure)
    .map((one) => {
      const { topic } = one as { readonly topic?: string };
      return topic === undefined ? one.message : `${one.message} (${topic})`;
    })
    .join("; ");
}

function partsOf(failure: KafkaFailure): readonly Error[] {
  return failure instanceof KafkaJSAggregateError ? (failure.errors as unknown as Error[]) : [failure];
}

/** Where it was tried several times, that of the last time. */
function typeOf(failure: Error): string {
  const { cause } = failure as { readonly cause?: unknown };
  const said = failure instanceof KafkaJSProtocolError ? failure : cause;
  return (said as { readonly type?: string } | undefined)?.type ?? "";
}
