"""AWS Private CA: a certificate is good from when until when the caller says, made by its template, and not there at once.

moto makes every certificate good for a year, signs by SHA-512, knows two templates and takes any, has each certificate at
once, and makes every authority one for short-lived certificates. The service refuses what would outlive the authority's own
certificate. Of its algorithms this one is played: SHA256WITHRSA.
https://docs.aws.amazon.com/privateca/latest/APIReference/API_IssueCertificate.html
"""

import datetime
import json
import re
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from moto.acmpca.exceptions import RequestInProgressException
from moto.acmpca.models import ACMPCABackend, CertificateAuthority
from moto.acmpca.responses import ACMPCAResponse
from moto.core.exceptions import JsonRESTError

ASKED = threading.local()
CLIENT = "template/EndEntityClientAuthCertificate/V1"
SERVER = "template/EndEntityCertificate/V1"
ROOT = "template/RootCACertificate/V1"
SUBORDINATE = re.compile(r"template/SubordinateCACertificate_PathLen([0-3])/V1$")
ALGORITHM = "SHA256WITHRSA"
SEEN = set()
UNITS = {"DAYS": 1, "MONTHS": 30, "YEARS": 365}


def moment(validity, now):
    if validity["Type"] == "ABSOLUTE":
        return datetime.datetime.fromtimestamp(validity["Value"], datetime.timezone.utc)
    return now + datetime.timedelta(days=validity["Value"] * UNITS[validity["Type"]])


def replaced(extensions, by):
    return [(by if isinstance(each, type(by)) else each, critical) for each, critical in extensions]


def apply() -> None:
    create = ACMPCAResponse.create_certificate_authority
    issue = ACMPCAResponse.issue_certificate
    get = ACMPCABackend.get_certificate
    extensions_of = CertificateAuthority._x509_extensions

    def create_certificate_authority(self):
        answer = create(self)
        authority = self.acmpca_backend.certificate_authorities[json.loads(answer)["CertificateAuthorityArn"]]
        authority.usage_mode = json.loads(self.body).get("UsageMode") or "GENERAL_PURPOSE"
        return answer

    def get_certificate(self, certificate_authority_arn, certificate_arn):
        found = get(self, certificate_authority_arn, certificate_arn)
        if certificate_arn not in SEEN:
            SEEN.add(certificate_arn)
            raise RequestInProgressException("The request to issue a certificate is still in progress")
        return found

    def issue_certificate(self):
        asked = json.loads(self.body)
        if asked.get("SigningAlgorithm") != ALGORITHM:
            raise JsonRESTError("ValidationException", f"Only {ALGORITHM} is played here")
        ASKED.parameters = asked
        try:
            return issue(self)
        finally:
            ASKED.parameters = None

    def generate_cert(self, subject, public_key, extensions):
        asked = ASKED.parameters
        now = datetime.datetime.now(datetime.timezone.utc)
        before = moment(asked["ValidityNotBefore"], now) if "ValidityNotBefore" in asked else now - datetime.timedelta(hours=1)
        after = moment(asked["Validity"], now)
        if self.certificate is not None and after > self.certificate.not_valid_after_utc:
            raise JsonRESTError("ValidationException", "The certificate validity specified exceeds the certificate authority validity")
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(before)
            .not_valid_after(after)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _x509_extensions(self, csr, template_arn):
        template = template_arn or ""
        subordinate = SUBORDINATE.search(template)
        if subordinate:
            as_root = extensions_of(self, csr, SUBORDINATE.sub(ROOT, template))
            return replaced(as_root, x509.BasicConstraints(ca=True, path_length=int(subordinate[1])))
        if template.endswith(CLIENT):
            as_server = extensions_of(self, csr, template.replace(CLIENT, SERVER))
            return replaced(as_server, x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]))
        if not template.endswith((SERVER, ROOT)):
            raise JsonRESTError("InvalidArgsException", f"There is no template {template_arn}")
        return extensions_of(self, csr, template_arn)

    ACMPCAResponse.create_certificate_authority = create_certificate_authority
    ACMPCABackend.get_certificate = get_certificate
    ACMPCAResponse.issue_certificate = issue_certificate
    CertificateAuthority.generate_cert = generate_cert
    CertificateAuthority._x509_extensions = _x509_extensions
