import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Downloader } from "../../lib/software/download";
import { Lines, NO_PROGRESS } from "../../lib/software/progress";
import { HttpSite, sendAndCut, sendFile } from "./http-site";
import { temporaryFolder } from "./temporary-folder";

const folder = temporaryFolder();
const content = randomBytes(300_000);
/** After it a server is given up: much longer than the pauses of one that sends. */
const IDLE_MILLIS = 2_000;
let site: HttpSite;
let target: string;
let partial: string;
let number = 0;

beforeEach(async () => {
  site = await HttpSite.start();
  target = join(folder, `target-${++number}`);
  partial = join(folder, `partial-${number}`);
});
afterEach(() => site.stop());

const impatient = (retries = 3): Downloader => new Downloader({ retries, backoffMillis: 1, idleMillis: IDLE_MILLIS });
const get = (path: string, downloader = impatient()): Promise<void> =>
  downloader.file(site.url(path), target, partial, NO_PROGRESS.task("file"));

test("follows redirects", async () => {
  site.on("/old", (_request, response) => response.writeHead(302, { location: "/new" }).end());
  site.file("/new", content);
  await get("/old");
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(existsSync(partial)).toBe(false);
});

test("goes on where a cut connection stopped", async () => {
  site.on("/file", (request, response, count) => {
    if (count === 1) sendAndCut(response, content, 100_000);
    else sendFile(request, response, content, '"one"');
  });
  await get("/file");
  expect(readFileSync(target).equals(content)).toBe(true);
  const [first, second] = site.asked("/file");
  expect(first).toBeUndefined();
  expect(Number(/^bytes=(\d+)-$/.exec(second ?? "")?.[1])).toBeGreaterThan(0);
});

test("goes on in a later run", async () => {
  site.on("/file", (_request, response) => sendAndCut(response, content, 100_000));
  await expect(get("/file", impatient(0))).rejects.toThrow(
    /could not be downloaded in 1 attempts.*run the command again/,
  );
  site.file("/file", content);
  await get("/file");
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(site.asked("/file").at(-1)).toMatch(/^bytes=\d+-$/);
});

test("begins anew when the file changed meanwhile", async () => {
  const other = randomBytes(250_000);
  site.on("/file", (request, response, count) => {
    if (count === 1) sendAndCut(response, content, 100_000);
    else sendFile(request, response, other, '"two"');
  });
  await get("/file");
  expect(readFileSync(target).equals(other)).toBe(true);
});

test("begins anew when the server knows nothing of ranges", async () => {
  site.on("/file", (_request, response, count) => {
    if (count === 1) sendAndCut(response, content, 100_000);
    else response.writeHead(200, { "content-length": content.length }).end(content);
  });
  await get("/file");
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("begins anew when the server finds the range out of bounds", async () => {
  site.on("/file", (request, response, count) => {
    if (count === 1) sendAndCut(response, content, 100_000);
    else if (request.headers.range) response.writeHead(416).end();
    else sendFile(request, response, content, '"one"');
  });
  await get("/file");
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("gives up a server that says nothing, and tries again", async () => {
  site.on("/file", (request, response, count) => {
    if (count > 1) sendFile(request, response, content, '"one"');
  });
  await get("/file");
  expect(site.asked("/file")).toHaveLength(2);
});

test("takes a slow server that goes on sending", async () => {
  site.on("/file", (_request, response) => {
    response.writeHead(200, { "content-length": content.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(content.subarray(sent, sent + 30_000));
      sent += 30_000;
      if (sent >= content.length) {
        clearInterval(timer);
        response.end();
      }
    }, IDLE_MILLIS / 8);
  });
  await get("/file");
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(site.asked("/file")).toHaveLength(1);
});

test("does not ask again for what is not there", async () => {
  await expect(get("/nothing")).rejects.toThrow(/answered 404: the file is not there or not for us/);
  expect(site.asked("/nothing")).toHaveLength(1);
});

test("asks again after a trouble of the server", async () => {
  site.on("/file", (request, response, count) => {
    if (count === 1) response.writeHead(503).end();
    else sendFile(request, response, content, '"one"');
  });
  await get("/file");
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("says of each repetition which it is and what for", async () => {
  site.on("/file", (request, response, count) => {
    if (count < 3) response.writeHead(503).end();
    else sendFile(request, response, content, '"one"');
  });
  const notes: string[] = [];
  const task = new Lines((line) => notes.push(line)).task("file");
  await impatient().file(site.url("/file"), target, partial, task);
  expect(notes).toEqual([
    "file: downloading",
    `file: try 2 of 4: ${site.url("/file")} answered 503`,
    `file: try 3 of 4: ${site.url("/file")} answered 503`,
  ]);
});

test("says what the system says where nobody answers", async () => {
  const url = site.url("/sum");
  await site.stop();
  const notes: string[] = [];
  const task = new Lines((line) => notes.push(line)).task("sum");
  await expect(impatient(1).bytes(url, task)).rejects.toThrow(/in 2 attempts/);
  expect(notes).toEqual([expect.stringMatching(/^sum: try 2 of 2: .*ECONNREFUSED/)]);
  site = await HttpSite.start();
});
