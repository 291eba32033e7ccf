import { DescribeInstanceAttributeCommand, DescribeInstancesCommand, EC2Client, Instance } from "@aws-sdk/client-ec2";
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  ObjectVersion,
  S3Client,
} from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import { gunzipSync } from "zlib";
import { SOFTWARE_PREFIX } from "../../../lib/core/bucket-layout";
import { EmulatorClients } from "../../emulator/clients";
import { Matcher } from "./matcher";
import { PlaceSearch, PlaceSearcher } from "./place";

const READ_AT_ONCE = 4;

/** What the account shows of its machines and keeps in its buckets. */
export async function searchAccount(aws: EmulatorClients, matcher: Matcher): Promise<PlaceSearch[]> {
  const answer = await aws.ec2.send(new DescribeInstancesCommand({}));
  const instances = (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  const running = instances.filter(({ State }) => State?.Name === "running");
  return [
    await searchUserData(await readUserData(aws.ec2, running), matcher),
    await searchBuckets(aws.s3, firstLaunch(instances), matcher),
  ];
}

/** User data, base64, by the id of the instance. */
export type UserData = Readonly<Record<string, string>>;

/** Searches what cloud-init would make of them: packed or not. */
export async function searchUserData(userData: UserData, matcher: Matcher): Promise<PlaceSearch> {
  const searcher = new PlaceSearcher("user data", matcher);
  for (const [id, base64] of Object.entries(userData)) {
    const bytes = Buffer.from(base64, "base64");
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    await searcher.search(`instance ${id}`, isPacked ? gunzipSync(bytes) : bytes);
  }
  return searcher.result;
}

/** Of the instances that have some. */
export async function readUserData(
  ec2: EC2Client,
  instances: readonly Pick<Instance, "InstanceId">[],
): Promise<UserData> {
  const userData: Record<string, string> = {};
  for (const { InstanceId } of instances) {
    const { UserData } = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" }));
    if (UserData?.Value) userData[InstanceId!] = UserData.Value;
  }
  return userData;
}

/** Every version of every object of every bucket, but software from before there was a machine, and so a secret. */
async function searchBuckets(s3: S3Client, launched: Date, matcher: Matcher): Promise<PlaceSearch> {
  const searcher = new PlaceSearcher("objects of all buckets, old versions too", matcher);
  const limit = pLimit(READ_AT_ONCE);
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  for (const { Name: bucket } of Buckets ?? []) {
    const versions = (await versionsIn(s3, bucket!)).filter(
      ({ Key, LastModified }) => !(Key!.startsWith(SOFTWARE_PREFIX) && LastModified! < launched),
    );
    const read = async ({ Key, VersionId }: ObjectVersion) => {
      const named = VersionId === "null" ? {} : { VersionId };
      const content = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, ...named })).catch((error: Error) => {
        // A job that runs deletes, and who may delete for good are lifecycle rules.
        if (error.name === "NoSuchKey" || error.name === "NoSuchVersion") return undefined;
        throw error;
      });
      if (!content) return;
      const place = `${bucket}/${Key} (${VersionId})`;
      await searcher.search(place, content.Body as AsyncIterable<Buffer>).catch((error: Error) => {
        throw new Error(`${place} could not be read whole: ${error.message}`);
      });
    };
    await Promise.all(versions.map((version) => limit(read, version)));
  }
  return searcher.result;
}

async function versionsIn(s3: S3Client, bucket: string): Promise<ObjectVersion[]> {
  const versions: ObjectVersion[] = [];
  let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (next) {
    const page: ListObjectVersionsPage = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, ...next }));
    versions.push(...(page.Versions ?? []));
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    next = page.IsTruncated ? { KeyMarker, VersionIdMarker } : undefined;
  }
  return versions;
}

interface ListObjectVersionsPage {
  readonly Versions?: ObjectVersion[];
  readonly IsTruncated?: boolean;
  readonly NextKeyMarker?: string;
  readonly NextVersionIdMarker?: string;
}

function firstLaunch(instances: readonly Instance[]): Date {
  const times = instances.flatMap(({ LaunchTime }) => (LaunchTime ? [LaunchTime.getTime()] : []));
  if (times.length === 0) throw new Error("there is no machine in the account");
  return new Date(Math.min(...times));
}
