import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { parseBundle, readSystemCertificates, renderTrustStore } from "../../lib/node/agent/trust-store";
import { temporaryFolder } from "./support/software";

describe("the trust store of the Java programs", () => {
  let folder: string;
  let first: string;
  let second: string;

  beforeAll(() => {
    folder = temporaryFolder();
    [first, second] = ["first", "second"].map((name) => {
      const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.crt`)];
      const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
      execFileSync("openssl", [...request, "-subj", `/CN=${name} authority`, "-keyout", key, "-out", certificate], {
        stdio: "ignore",
      });
      return fs.readFileSync(certificate, "utf8");
    }) as [string, string];
  });

  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test("holds each certificate once, in the same order always", () => {
    const one = parseBundle(first + second + first);
    const other = parseBundle(`# comment\n${second}\n${first}`);
    expect(one).toHaveLength(2);
    expect(renderTrustStore(one).equals(renderTrustStore(other))).toBe(true);
  });

  test("leaves out what is no certificate", () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    expect(parseBundle(broken + first)).toHaveLength(1);
    expect(() => parseBundle(broken)).toThrow("holds none");
  });

  test("is read by Java, with the password and without", () => {
    const file = path.join(folder, "store.jks");
    fs.writeFileSync(file, renderTrustStore(parseBundle(first + second)));
    const program = path.join(folder, "Read.java");
    fs.writeFileSync(
      program,
      `import java.io.*; import java.security.*; import java.security.cert.*; import java.util.*;
       class Read { public static void main(String[] args) throws Exception {
         for (char[] password : new char[][] { null, "changeit".toCharArray() }) {
           KeyStore store = KeyStore.getInstance("JKS");
           try (InputStream in = new FileInputStream(args[0])) { store.load(in, password); }
           for (String alias : new TreeSet<>(Collections.list(store.aliases())))
             System.out.println(((X509Certificate) store.getCertificate(alias)).getSubjectX500Principal().getName());
         } } }`,
    );
    const lines = execFileSync("java", [program, file], { encoding: "utf8" }).trim().split("\n");
    expect(lines.sort()).toEqual(["first", "first", "second", "second"].map((name) => `CN=${name} authority`));
  });

  test("takes the first bundle that the system has, and says when there is none", async () => {
    const bundle = path.join(folder, "first.crt");
    expect(await readSystemCertificates([path.join(folder, "none"), bundle])).toHaveLength(1);
    await expect(readSystemCertificates([path.join(folder, "none")])).rejects.toThrow("no trusted certificates found");
  });
});
