import { Callable, PublicApi, readPublicApi } from "../../support/public-api";

/** Where a construct stands is checked by the framework of constructs. */
const FRAMEWORK = ["scope"];

/**
 * Everything that a user can hand to the library, read from its sources: each property of each struct, as
 * `FlinkClusterProps.nodeCount`, and each parameter of each public method and constructor, as `Peer.cidr(cidr)`.
 * Structs that only serve others as a base are named as those others.
 */
export function publicInputs(api: PublicApi = readPublicApi()): string[] {
  const bases = [...api.structs.values()].flatMap(({ ancestors }) => ancestors);
  const properties = [...api.structs]
    .filter(([name]) => !bases.includes(name))
    .flatMap(([name, struct]) => struct.properties.map((property) => `${name}.${property.name}`));
  const parameters = [...api.behaviours].flatMap(([owner, { construction = [], factories, methods }]) => [
    ...parametersOf(`new ${owner}`, construction),
    ...[...factories, ...methods].flatMap((each) => parametersOf(`${owner}.${each.name}`, each.parameters)),
  ]);
  return [...new Set([...properties, ...parameters])].sort();
}

function parametersOf(call: string, parameters: Callable["parameters"]): string[] {
  return parameters.filter(({ name }) => !FRAMEWORK.includes(name)).map(({ name }) => `${call}(${name})`);
}
