import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const USUAL = join(__dirname, "moto/images.json");

/** Has Debian publish a newer image for amd64, which an emulator that was started with this file of images knows at once. */
export function publishImage(file: string, id: string): void {
  const [usual] = JSON.parse(readFileSync(USUAL, "utf8")) as readonly object[];
  const name = "debian-13-amd64-20260301-0000";
  const described = { ami_id: id, name, description: name, image_location: `amazon/${name}` };
  const image = { ...usual, ...described, creation_date: "2026-03-01T00:00:00.000Z" };
  // The emulator may read it at any moment.
  writeFileSync(`${file}.part`, JSON.stringify([image]));
  renameSync(`${file}.part`, file);
}
