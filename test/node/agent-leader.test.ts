import * as os from "os";
import { leadsBy, parseConnections } from "../../lib/node/agent/leader";

const UID = 733;
const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** Bytes of an address as the kernel of this machine prints them. */
function hex(address: readonly number[]): string {
  const bytes = Buffer.from(address);
  if (os.endianness() === "LE") bytes.swap32();
  return bytes.toString("hex").toUpperCase();
}

function row(local: [number[], number], remote: [number[], number], state = "01", uid = UID): string {
  const show = ([address, port]: [number[], number]) =>
    `${hex(address)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return `   0: ${show(local)} ${show(remote)} ${state} 00000000:00000000 00:00000000 00000000   ${uid}        0 1 1 0 20`;
}

const mapped = (...address: number[]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...address];
const OWN = new Set(["10.40.0.7", "127.0.0.1", "fd00::7"]);
const leads = (...rows: string[]) => leadsBy(parseConnections([HEAD, ...rows, ""].join("\n")), UID, OWN);

test("connections are read as the kernel lists them", () => {
  const v6 = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8];
  const table = [
    HEAD,
    row([[10, 40, 0, 7], 40000], [[10, 40, 0, 8], 6123]),
    row([mapped(10, 40, 0, 7), 40001], [mapped(10, 40, 0, 8), 6123]),
    row([v6, 40002], [v6, 6123]),
    row([[0, 0, 0, 0], 6122], [[0, 0, 0, 0], 0], "0A"),
  ].join("\n");
  expect(parseConnections(table)).toEqual([
    { uid: UID, localPort: 40000, remoteAddress: "10.40.0.8", remotePort: 6123 },
    { uid: UID, localPort: 40001, remoteAddress: "10.40.0.8", remotePort: 6123 },
    { uid: UID, localPort: 40002, remoteAddress: "fd00::8", remotePort: 6123 },
  ]);
});

test("the real table of this machine is read", () => {
  const real =
    "   1: 0100007F:1F90 0100007F:A2C4 01 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000 20 4 30 10 -1";
  const expected = os.endianness() === "LE" ? "127.0.0.1" : "1.0.0.127";
  expect(parseConnections(real)).toEqual([{ uid: 1000, localPort: 8080, remoteAddress: expected, remotePort: 0xa2c4 }]);
});

describe("the JobManager of this machine", () => {
  const own: [number[], number] = [mapped(10, 40, 0, 7), 40000];

  test("leads when the TaskManager is connected to this machine", () => {
    expect(leads(row(own, [mapped(10, 40, 0, 7), 6123]))).toBe(true);
  });

  test("does not lead when it is connected to another one", () => {
    expect(leads(row(own, [mapped(10, 40, 0, 8), 6123]))).toBe(false);
  });

  test("is the same whoever opened the connection", () => {
    const rpc: [number[], number] = [mapped(10, 40, 0, 7), 6122];
    expect(leads(row(rpc, [mapped(10, 40, 0, 7), 41000]))).toBe(true);
    expect(leads(row(rpc, [mapped(10, 40, 0, 8), 41000]))).toBe(false);
  });

  test("is not known without a connection, or with those to two leaders", () => {
    expect(leads()).toBeUndefined();
    expect(leads(row(own, [mapped(10, 40, 0, 7), 6123]), row(own, [mapped(10, 40, 0, 8), 6123]))).toBeUndefined();
  });

  test("is not told from other ports, other users or closed connections", () => {
    const leader: [number[], number] = [mapped(10, 40, 0, 7), 6123];
    expect(leads(row(own, [mapped(10, 40, 0, 7), 8081]))).toBeUndefined();
    expect(leads(row(own, leader, "01", 732))).toBeUndefined();
    expect(leads(row(own, leader, "06"))).toBeUndefined();
  });
});
