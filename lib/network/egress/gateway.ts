import { isTextToken } from "../../core/terraform/text";
import { refuse, requireText } from "../../core/validation";
import { PeeredEgressOptions } from "./peered-egress-options";

/** What leads from one network to another. */
export interface Gateway {
  /** How options and routes call it. */
  readonly kind: "vpcPeeringConnectionId" | "transitGatewayId";
  readonly id: string;
}

const FORMS: Readonly<Record<Gateway["kind"], { readonly pattern: RegExp; readonly allowed: string }>> = {
  vpcPeeringConnectionId: {
    pattern: /^pcx-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    allowed: "the id of a peering connection of two VPCs, such as pcx-0123456789abcdef0",
  },
  transitGatewayId: {
    pattern: /^tgw-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    allowed: "the id of a transit gateway, such as tgw-0123456789abcdef0",
  },
};

/** The one that is named, if one is; refuses two, and what is none. */
export function gatewayOf(options: PeeredEgressOptions): Gateway | undefined {
  const kinds = (["vpcPeeringConnectionId", "transitGatewayId"] as const).filter((kind) => options[kind] !== undefined);
  const gateways = kinds.map((kind): Gateway => {
    const id = options[kind]!;
    if (!isTextToken(id)) requireText(`${kind} of Egress.peered`, id, FORMS[kind].pattern, FORMS[kind].allowed);
    return { kind, id };
  });
  if (gateways.length < 2) return gateways[0];
  refuse({
    property: `${gateways[1].kind} of Egress.peered`,
    value: gateways[1].id,
    allowed: `left out where ${gateways[0].kind} is given`,
    remedy: "give the one of the two that leads to the system",
  });
}
