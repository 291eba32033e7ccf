const METADATA = "http://169.254.169.254";
const TIMEOUT_MILLIS = 2_000;
const TOKEN_SECONDS = 60;
const IMAGE_ID = /^ami-[0-9a-f]{8,17}$/;

/**
 * The image that this machine was made of, as its own metadata has it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
 */
export async function machineImage(metadata = METADATA): Promise<string> {
  const token = await ask(`${metadata}/latest/api/token`, "PUT", {
    "X-aws-ec2-metadata-token-ttl-seconds": String(TOKEN_SECONDS),
  });
  const id = await ask(`${metadata}/latest/meta-data/ami-id`, "GET", { "X-aws-ec2-metadata-token": token });
  if (!IMAGE_ID.test(id)) throw new Error("the machine's metadata names no image");
  return id;
}

async function ask(url: string, method: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MILLIS), redirect: "error" });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the machine's metadata answered with ${answer.status}`);
  return text.trim();
}
