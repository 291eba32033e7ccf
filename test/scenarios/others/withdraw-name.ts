import {
  ChangeAction,
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
} from "@aws-sdk/client-route-53";
import type { Lab } from "../../lab/lab";

/** Takes the address of a name out of its zone, as an operator's slip does; gives what puts it back. */
export async function withdrawName(lab: Lab, name: string): Promise<() => Promise<void>> {
  const { route53 } = lab.aws();
  const { HostedZones: zones = [] } = await route53.send(new ListHostedZonesCommand({}));
  const zone = zones.find((each) => `${name}.`.endsWith(`.${each.Name}`));
  if (!zone) throw new Error(`${name} is in none of the zones ${zones.map((each) => each.Name).join(", ")}`);
  const listing = new ListResourceRecordSetsCommand({ HostedZoneId: zone.Id });
  const { ResourceRecordSets: records = [] } = await route53.send(listing);
  const record = records.find((each) => each.Name === `${name}.` && each.Type === "A");
  if (!record) throw new Error(`the zone ${zone.Name} has no address of ${name}`);

  const change = async (Action: ChangeAction) => {
    const ChangeBatch = { Changes: [{ Action, ResourceRecordSet: record }] };
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.Id, ChangeBatch }));
    await lab.settled();
  };
  await change("DELETE");
  return () => change("CREATE");
}
