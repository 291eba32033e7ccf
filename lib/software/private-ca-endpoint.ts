import { PRIVATE_CA_ARN } from "../core/private-ca/private-ca-arn";

const DNS_SUFFIXES: Readonly<Record<string, string>> = {
  aws: "amazonaws.com",
  "aws-us-gov": "amazonaws.com",
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu",
  "aws-iso": "c2s.ic.gov",
  "aws-iso-b": "sc2s.sgov.gov",
  "aws-iso-e": "cloud.adc-e.uk",
  "aws-iso-f": "csp.hci.ic.gov",
};

/** Where AWS Private CA answers for an authority, unless the environment names another place, as for every AWS tool. */
export function privateCaEndpoint(authorityArn: string, environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.AWS_ENDPOINT_URL_ACM_PCA ?? environment.AWS_ENDPOINT_URL;
  if (named) return named;
  const [, partition, region] = PRIVATE_CA_ARN.exec(authorityArn)!;
  return `https://acm-pca.${region}.${DNS_SUFFIXES[partition] ?? DNS_SUFFIXES.aws}`;
}
