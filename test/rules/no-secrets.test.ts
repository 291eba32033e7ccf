import { gzipSync } from "node:zlib";
import { noSecrets } from "./no-secrets";
import { only, testRule } from "./test-rule";

/** Put together here, so that no scanner of this repository takes them for real ones. */
const ACCESS_KEY = `AKIA${"IOSFODNN7EXAMPLE"}`;
const RANDOM = `wJalrXUtnFEMI/K7MDENG/${"bPxRfiCYEXAMPLEKEY"}`;
const PRIVATE_KEY = `-----BEGIN RSA ${"PRIVATE KEY"}-----`;

const machine = (user_data: string) => only("aws_instance", { user_data });
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

testRule(noSecrets, {
  compliant: {
    "a program that asks for a token": machine(
      'token = ask("PUT", "/latest/api/token")\nheaders = {"X-aws-ec2-metadata-token": token}\n',
    ),
    "the name of a secret": machine("SECRET_NAME\n"),
    "hashes and paths": machine(`sha256 = "${"0123456789abcdef".repeat(4)}"\n/usr/lib/python3/dist-packages/a/b/c/d\n`),
    "a certificate": only("aws_s3_object", { content: "-----BEGIN CERTIFICATE-----" }),
    "a URL": only("aws_s3_object", { content: "https://node-1.orders.flink.internal:8081/a@b" }),
  },
  nonCompliant: {
    "an access key": machine(ACCESS_KEY),
    "a secret key": machine(`use ${RANDOM} for it`),
    "a private key in an object": only("aws_s3_object", { content: PRIVATE_KEY }),
    "a token in a tag": only("aws_instance", { tags: { a: `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.c` } }),
    "a password in a URL": only("aws_s3_object", { content: "jdbc://me:hunter2@db" }),
    "a literal password": machine('password = "correct-horse"'),
    "a literal password in JSON": machine('{"dbPassword": "correct-horse"}'),
    "a variable of a shell": machine("export DB_PASSWORD=correct-horse"),
    "a password in base64": only("aws_launch_template", { user_data: base64('password = "correct-horse"') }),
    "a password that is compressed": only("aws_instance", {
      user_data_base64: base64(gzipSync('password = "correct-horse"')),
    }),
  },
});
