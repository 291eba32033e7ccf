import { once } from "events";
import * as tls from "tls";
import { NODE_AUTHORITY, ZOOKEEPER_TLS } from "../tls-paths";
import { PORTS } from "../ports";
import { target, type Target } from "./health";

const TIMEOUT_MILLIS = 10_000;
const LONGEST_ANSWER_BYTES = 4 << 20;
/** Numbers of ZooKeeper's own protocol (org.apache.zookeeper.ZooDefs.OpCode, KeeperException.Code). */
const SYNC = 9;
const GET_CHILDREN = 8;
const CLOSE_SESSION = -11;
const NO_NODE = -101;

export interface ZooKeeperPath {
  readonly path: string;
  /** Whether there is nothing below it where it is not there; else that is an error. */
  readonly mayBeAbsent: boolean;
}

/** Names below each of the paths in ZooKeeper, as the newest of its servers knows them. */
export async function zooKeeperChildren(host: string, paths: readonly ZooKeeperPath[]): Promise<readonly string[]> {
  const to = await target(host, PORTS.zooKeeperClient.port, NODE_AUTHORITY, ZOOKEEPER_TLS.pem);
  return childrenAt(to, paths);
}

/** The same, of a server by its address and with given certificates. */
export async function childrenAt(to: Target, paths: readonly ZooKeeperPath[]): Promise<readonly string[]> {
  const socket = tls.connect(to);
  const timer = setTimeout(() => socket.destroy(new Error("ZooKeeper does not answer in time")), TIMEOUT_MILLIS);
  try {
    await once(socket, "secureConnect");
    const answers = frames(socket);
    socket.write(frame(int(0), long(0), int(TIMEOUT_MILLIS), long(0), bytes(Buffer.alloc(16)), Buffer.of(0)));
    await next(answers);
    const children: string[] = [];
    for (const { path, mayBeAbsent } of paths) {
      // What this server does not know yet, it asks the leader for.
      socket.write(frame(int(1), int(SYNC), bytes(Buffer.from(path))));
      errorOf(await next(answers));
      socket.write(frame(int(2), int(GET_CHILDREN), bytes(Buffer.from(path)), Buffer.of(0)));
      const answer = await next(answers);
      if (errorOf(answer) !== NO_NODE) children.push(...textsOf(answer.subarray(16)));
      else if (!mayBeAbsent) throw new Error(`ZooKeeper has no ${path}`);
    }
    socket.end(frame(int(3), int(CLOSE_SESSION)));
    return children;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Answers as they come, each without its length. */
async function* frames(socket: tls.TLSSocket): AsyncGenerator<Buffer, void> {
  let read = Buffer.alloc(0);
  for await (const chunk of socket) {
    read = Buffer.concat([read, chunk as Buffer]);
    while (read.length >= 4) {
      const length = read.readInt32BE(0);
      if (length < 0) throw new Error("ZooKeeper answers in a form that is not known");
      if (length > LONGEST_ANSWER_BYTES) throw new Error("the answer of ZooKeeper is too long");
      if (read.length < 4 + length) break;
      yield read.subarray(4, 4 + length);
      read = read.subarray(4 + length);
    }
  }
}

async function next(answers: AsyncGenerator<Buffer, void>): Promise<Buffer> {
  const { value } = await answers.next();
  if (!value) throw new Error("ZooKeeper ends the connection");
  return value;
}

/** Of the header: its number, the transaction, the error. */
function errorOf(answer: Buffer): number {
  const error = answer.readInt32BE(12);
  if (error !== 0 && error !== NO_NODE) throw new Error(`ZooKeeper answers with its error ${error}`);
  return error;
}

function textsOf(list: Buffer): string[] {
  const texts: string[] = [];
  let at = 4;
  for (let left = list.readInt32BE(0); left > 0; left--) {
    const end = at + 4 + list.readInt32BE(at);
    texts.push(list.toString("utf8", at + 4, end));
    at = end;
  }
  return texts;
}

function frame(...parts: readonly Buffer[]): Buffer {
  return bytes(Buffer.concat(parts));
}

function bytes(content: Buffer): Buffer {
  return Buffer.concat([int(content.length), content]);
}

function int(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function long(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  return buffer;
}
