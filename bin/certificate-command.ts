import path from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { Command, InvalidArgumentError, Option } from "commander";
import { PrivateCa } from "../lib/core/private-ca/private-ca";
import { PRIVATE_CA_ARN } from "../lib/core/private-ca/private-ca-arn";
import { ValidationError } from "../lib/core/validation";
import { STORE_PASSWORD } from "../lib/node/tls-paths";
import { clientCertificate, type NamedPrivateAuthorities } from "../lib/software/client-certificate";
import { writeClientFiles, type ClientFiles } from "../lib/software/client-files";
import { privateCaEndpoint } from "../lib/software/private-ca-endpoint";
import { certificateValidity, example } from "./arguments";
import { type ClusterFlags, clusterOf, withClusterOptions } from "./cluster-options";

interface CertificateFlags extends ClusterFlags {
  readonly out: string;
  readonly force: boolean;
  readonly validFor: number;
  readonly nodeAuthority?: string;
  readonly clientAuthority?: string;
}

/** Adds the command that gives a certificate for the REST API. */
export function addCertificate(cli: Command): void {
  withClusterOptions(cli.command("certificate"))
    .summary("get a certificate for the REST API and the web UI")
    .description(
      "Makes a key on this machine and lets the cluster's client authority sign a certificate for it, with your own AWS identity: " +
        "it needs kms:Sign and kms:GetPublicKey for the client authority, kms:GetPublicKey for the node authority, and to list and get objects below reports/. " +
        "Of authorities of AWS Private CA, which both options then name: acm-pca:IssueCertificate and acm-pca:GetCertificate for " +
        "the client authority, and acm-pca:GetCertificateAuthorityCertificate for both. " +
        "Nobody can call a certificate back before its end: keep --valid-for short.",
    )
    .requiredOption("--out <folder>", "where the files go")
    .option("--force", "write over files there that are not of this command", false)
    .option("--node-authority <arn>", "the cluster's privateAuthorities.nodeAuthorityArn", privateCaArn)
    .option("--client-authority <arn>", "its privateAuthorities.clientAuthorityArn", privateCaArn)
    .addOption(
      new Option("--valid-for <duration>", "how long it is good, 5m to 7d")
        .argParser(certificateValidity)
        .default(certificateValidity("12h"), "12h"),
    )
    .addHelpText("after", example("certificate --cluster streaming-flink --region eu-west-1 --out certificate"))
    .action(async (flags: CertificateFlags) => {
      const from = await clusterOf(flags);
      const kms = new KMSClient({ region: from.region });
      const client = await clientCertificate({
        from,
        kms,
        privateAuthorities: privateAuthoritiesOf(flags, kms),
        validitySeconds: flags.validFor / 1000,
      });
      console.log(howToUse(writeClientFiles(flags.out, client, flags.force), client.certificate.validTo, from.cluster));
    });
}

/** The authorities that both options name, with the credentials that an AWS tool finds. */
function privateAuthoritiesOf(flags: CertificateFlags, kms: KMSClient): NamedPrivateAuthorities | undefined {
  const { nodeAuthority: nodeAuthorityArn, clientAuthority: clientAuthorityArn } = flags;
  if (nodeAuthorityArn === undefined && clientAuthorityArn === undefined) return undefined;
  if (nodeAuthorityArn === undefined || clientAuthorityArn === undefined) {
    throw new ValidationError("--node-authority and --client-authority belong together: give both, or neither");
  }
  const service = new PrivateCa({
    endpoint: privateCaEndpoint(clientAuthorityArn),
    credentials: () => kms.config.credentials(),
  });
  return { service, nodeAuthorityArn, clientAuthorityArn };
}

function howToUse(files: ClientFiles, end: string, cluster: string): string {
  return `A certificate for ${cluster}, good until ${end}, is in ${path.dirname(files.certificate)}.

curl:
  curl --cacert ${files.nodeAuthority} --cert ${files.certificate} --key ${files.key} https://<node>:8081/overview

Flink's command lines: put the entries of ${files.flinkConfiguration} into conf/config.yaml, or give them as -D options.

A browser: in a profile that opens nothing else, as any page can use it there, import ${path.basename(files.keyStore)} (password: ${STORE_PASSWORD}) as your certificate and ${path.basename(files.nodeAuthority)} as an authority for websites.`;
}

function privateCaArn(text: string): string {
  if (!PRIVATE_CA_ARN.test(text)) {
    throw new InvalidArgumentError(
      "Give the ARN of an authority: arn:aws:acm-pca:<region>:<account>:certificate-authority/<id>.",
    );
  }
  return text;
}
