import { Account } from "../account";
import { KeyAndCertificate } from "../authority";
import { ServiceCredentials, ServiceRole } from "./service-credentials";

/** How the servers inside the namespace are told what to do; the first message is `start`. */
export type ToFabric =
  | {
      readonly kind: "start";
      readonly region: string;
      readonly emulatorSocket: string;
      readonly accessLog: string;
      readonly authority: KeyAndCertificate;
      /** A line for each statement of a policy that was ever in force. */
      readonly statementFile: string;
      /** Folder in which the agents of machines listen, by which sessions lead to them (see session-manager.ts). */
      readonly agents: string;
    }
  | {
      readonly kind: "account";
      /** Given back when this account is what the servers play. */
      readonly number: number;
      readonly account: Account;
      readonly s3Address: string;
      /** Where names are answered; the namespace has these addresses already. */
      readonly resolverAddresses: readonly string[];
      /** Where AWS's endpoints are; the namespace has these addresses already. */
      readonly endpointAddresses: readonly string[];
    }
  | {
      /** What the lab runs in a service's name wants the role's credentials. */
      readonly kind: "role";
      readonly number: number;
      readonly role: ServiceRole;
    };

export type FromFabric =
  | { readonly kind: "started" }
  | { readonly kind: "applied"; readonly number: number }
  | { readonly kind: "credentials"; readonly number: number; readonly credentials: ServiceCredentials }
  | { readonly kind: "failed"; readonly message: string };
