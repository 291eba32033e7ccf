import { PolicyDocument } from "./policies";

/**
 * The simulator drops condition keys that have a variable part behind a colon (`kms:EncryptionContext:<name>`), but
 * knows those with one behind a slash. Policies and context are given to it with such a name for them instead.
 */
const STAND_IN = "aws:PrincipalTag/encryption-context/";
const OWN_NAME = /^kms:EncryptionContext:/i;

const renamed = new WeakMap<PolicyDocument, PolicyDocument>();

/** The same policy, with the simulator's name for these keys. */
export function withStandIns(document: PolicyDocument): PolicyDocument {
  let found = renamed.get(document);
  if (!found) {
    const text = JSON.stringify(document);
    const other = text.replace(/"kms:EncryptionContext:/gi, `"${STAND_IN}`);
    found = other === text ? document : (JSON.parse(other) as PolicyDocument);
    renamed.set(document, found);
  }
  return found;
}

/** The same context, with the simulator's name for these keys. */
export function contextWithStandIns<T>(context: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name.replace(OWN_NAME, STAND_IN), value]));
}
