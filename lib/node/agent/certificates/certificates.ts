import { X509Certificate } from "crypto";
import * as path from "path";
import type { KeyAndCertificate } from "../../../core/x509/leaf";
import { CLOCK_SKEW_MILLIS } from "../../../core/x509/validity";
import { CERTIFICATE_HOLDERS, CertificateHolder } from "../../certificate-holders";
import type { CertificatesSpec, NodeSpec } from "../../desired-state";
import type { CertificatesReport } from "../../report";
import { Owner } from "../files";
import { log } from "../log";
import { Authorities, AuthorityServices } from "./authorities";
import { readKeyPair, writeKeyPair } from "./key-pair";
import type { OwnAddress } from "./own-address";

export interface CertificatesOptions extends CertificatesSpec {
  readonly cluster: string;
  readonly node: NodeSpec;
  readonly services: AuthorityServices;
  /** As what the other nodes see this one. */
  readonly address: () => Promise<OwnAddress>;
  /** Root, with the group that may read. */
  readonly ownerOf: (group: string) => Promise<Owner>;
  readonly now?: () => Date;
  /** Stands before every path; empty on a node. */
  readonly root?: string;
}

/** One for each process, issued and not in use: nothing of them is on disk yet. */
export interface NewCertificates {
  /** When they would have to be renewed themselves. */
  readonly dueAt: Date;
  /** Lays them down in place of those before. */
  install(): Promise<void>;
}

interface HeldCertificate {
  readonly holder: CertificateHolder;
  readonly certificate: X509Certificate;
}

/** Part of a certificate's life after which it is renewed. */
const RENEWED_AFTER = 2 / 3;
/** Names of machines change rarely, and to ask costs a question to the resolver. */
const NAMES_MILLIS = 300_000;

/**
 * The key pairs and certificates of a node's processes. Private keys are born here, and only what is to be signed
 * leaves the node. A certificate that is good is left alone, and then nobody is asked: a node boots without KMS.
 *
 * Processes read their certificates when they start: whoever renews them has to restart the units.
 */
export class Certificates {
  private authority?: X509Certificate;
  private namesLookedAt = 0;
  private lacksNameSince?: Date;
  private held: readonly HeldCertificate[] = [];
  /** Of a renewal that did not get all that it needs: nothing is asked for twice, as it may be billed. */
  private begun = new Map<string, KeyAndCertificate>();

  public constructor(private readonly options: CertificatesOptions) {}

  /** Sees to it that every process has a good certificate. Tells the units of those that got another one. */
  public async ensure(): Promise<string[]> {
    const own = await this.options.address();
    let authorities = await this.authorities();
    const issued: string[] = [];
    const held: HeldCertificate[] = [];
    for (const holder of this.holders()) {
      const present = await readKeyPair(this.filesOf(holder));
      const reason = this.fault(present, authorities, own);
      let pair = present!;
      if (reason !== undefined) {
        if (issued.length === 0) {
          // A machine may have been off while their owner gave them a longer life.
          authorities = await authorities.asTheyAre();
          await authorities.lay();
        }
        pair = await this.issueFor(holder, authorities, own);
        await this.lay(holder, pair, authorities, reason);
        issued.push(holder.unit);
      }
      held.push({ holder, certificate: pair.certificate });
    }
    this.authority = authorities.nodeCertificate;
    this.held = held;
    this.compareNames(own);
    return issued;
  }

  /**
   * Sees whether the resolver calls this machine by a name that is not in its certificates. They are good for all but
   * Flink 2.3, so that nothing is stopped for it: they are due, and renewed in their turn.
   */
  public async lookAtNames(): Promise<void> {
    if (this.now().getTime() < this.namesLookedAt + NAMES_MILLIS) return;
    this.compareNames(await this.options.address());
  }

  private compareNames({ names = [] }: OwnAddress): void {
    this.namesLookedAt = this.now().getTime();
    const lacks = this.held.some(({ certificate }) => names.some((name) => certificate.checkHost(name) === undefined));
    this.lacksNameSince = lacks ? (this.lacksNameSince ?? this.now()) : undefined;
  }

  /** Gets a new key and certificate for every process, and touches none of those in use. */
  public async issueAnew(): Promise<NewCertificates> {
    const own = await this.options.address();
    const authorities = await (await this.authorities()).asTheyAre();
    const issued: { readonly holder: CertificateHolder; readonly pair: KeyAndCertificate }[] = [];
    for (const holder of this.holders()) {
      const begun = this.begun.get(holder.unit);
      const isGood = begun && this.fault(begun, authorities, own) === undefined && !this.isDue(begun.certificate);
      const pair = isGood ? begun : await this.issueFor(holder, authorities, own);
      this.begun.set(holder.unit, pair);
      issued.push({ holder, pair });
    }
    this.begun.clear();
    return {
      dueAt: firstDue(issued.map(({ pair }) => pair.certificate)),
      install: async () => {
        await authorities.lay();
        for (const { holder, pair } of issued) await this.lay(holder, pair, authorities, "it is renewed");
      },
    };
  }

  /** When the first of them is to be renewed; undefined before `ensure`. */
  public dueAt(): Date | undefined {
    if (this.held.length === 0) return undefined;
    if (this.held.some(({ certificate }) => this.isNotGoodYet(certificate))) return this.now();
    return this.lacksNameSince ?? firstDue(this.held.map(({ certificate }) => certificate));
  }

  /** When the first of them is of no use any more; undefined before `ensure`. */
  public endsAt(): Date | undefined {
    if (this.held.length === 0) return undefined;
    if (this.held.some(({ certificate }) => this.isNotGoodYet(certificate))) return this.now();
    return new Date(Math.min(...this.held.map(({ certificate }) => Date.parse(certificate.validTo))));
  }

  /**
   * Serial number of the certificate on disk that a renewal replaces first: when it is another one, the renewal has
   * begun to replace them. Undefined where it is not whole.
   */
  public async firstSerialNumber(): Promise<string | undefined> {
    const [first] = this.holders();
    return first && (await readKeyPair(this.filesOf(first)))?.certificate.serialNumber;
  }

  /** What others may know of them. Known after `ensure`. */
  public report(): CertificatesReport {
    if (!this.authority) throw new Error("the certificates have not been looked at yet");
    return {
      nodeAuthority: this.authority.toString(),
      renewalDueAt: this.dueAt()!.toISOString(),
      issued: this.held.map(({ holder, certificate }) => ({
        process: holder.process,
        subject: certificate.subject.replace(/\n/g, ", "),
        serialNumber: certificate.serialNumber,
        notBefore: new Date(certificate.validFrom).toISOString(),
        notAfter: new Date(certificate.validTo).toISOString(),
      })),
    };
  }

  private fault(pair: KeyAndCertificate | undefined, authorities: Authorities, own: OwnAddress): string | undefined {
    if (!pair) return "there is none that is whole";
    const { certificate } = pair;
    if (!certificate.verify(authorities.nodeCertificate.publicKey))
      return "the one that is there is of another authority";
    if (certificate.checkHost(this.options.node.host) === undefined) return "the one that is there is of another host";
    if (certificate.checkIP(own.address) === undefined) return "the one that is there is of another address";
    if (this.isNotGoodYet(certificate)) return "the one that is there is not good yet";
    if (Date.parse(certificate.validTo) <= this.now().getTime()) return "the one that is there is over";
    return undefined;
  }

  /** Made while this machine's clock was ahead: until its time nobody takes it. */
  private isNotGoodYet({ validFrom }: X509Certificate): boolean {
    return Date.parse(validFrom) > this.now().getTime();
  }

  private isDue(certificate: X509Certificate): boolean {
    return firstDue([certificate]) <= this.now();
  }

  private holders(): CertificateHolder[] {
    return CERTIFICATE_HOLDERS.filter(({ unit }) => this.options.node.units.includes(unit));
  }

  private authorities(): Promise<Authorities> {
    const { cluster, services } = this.options;
    return Authorities.ensure(this.options, cluster, services, (file) => this.at(file));
  }

  private issueFor(holder: CertificateHolder, authorities: Authorities, own: OwnAddress): Promise<KeyAndCertificate> {
    const { cluster, node, validitySeconds } = this.options;
    return authorities.issue(
      {
        subject: { organization: cluster, unit: holder.process, commonName: node.name },
        hosts: [node.host, ...(own.names ?? []).filter((name) => name !== node.host)],
        // ZooKeeper compares the address that a connection comes from.
        addresses: [own.address],
        serverAuth: true,
        validitySeconds,
      },
      this.now(),
    );
  }

  private async lay(
    holder: CertificateHolder,
    pair: KeyAndCertificate,
    authorities: Authorities,
    reason: string,
  ): Promise<void> {
    const owner = await this.options.ownerOf(holder.user);
    await writeKeyPair(this.filesOf(holder), pair, authorities.nodeCertificate, owner);
    log(`a certificate for ${holder.process}, good until ${pair.certificate.validTo}: ${reason}`);
  }

  private filesOf({ files }: CertificateHolder): CertificateHolder["files"] {
    const { folder, pem, keyStore } = files;
    return {
      folder: this.at(folder),
      pem: this.at(pem),
      ...(keyStore === undefined ? {} : { keyStore: this.at(keyStore) }),
    };
  }

  private at(file: string): string {
    return path.join(this.options.root ?? "/", file);
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

function firstDue(certificates: readonly X509Certificate[]): Date {
  const due = certificates.map(({ validFrom, validTo }) => {
    // What lies before the hour of issue is there for clocks that are behind, and no part of its life.
    const [issued, end] = [Date.parse(validFrom) + CLOCK_SKEW_MILLIS, Date.parse(validTo)];
    return issued + (end - issued) * RENEWED_AFTER;
  });
  return new Date(Math.min(...due));
}
