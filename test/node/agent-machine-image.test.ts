import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { machineImage } from "../../lib/node/agent/machine-image";

let server: Server | undefined;

afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** Metadata of a machine, as its second version is asked: with a token that was asked for before. */
async function metadataOf(imageId: string): Promise<string> {
  server = createServer(({ method, url, headers }, response) => {
    if (method === "PUT" && url === "/latest/api/token" && headers["x-aws-ec2-metadata-token-ttl-seconds"]) {
      response.end("token");
      return;
    }
    const isAsked = url === "/latest/meta-data/ami-id" && headers["x-aws-ec2-metadata-token"] === "token";
    response.statusCode = isAsked ? 200 : 401;
    response.end(imageId);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a machine knows of which image it was made", async () => {
  expect(await machineImage(await metadataOf("ami-0123456789abcdef0"))).toBe("ami-0123456789abcdef0");
});

test("what is no id of an image is none", async () => {
  await expect(machineImage(await metadataOf("<html>"))).rejects.toThrow("the machine's metadata names no image");
});
