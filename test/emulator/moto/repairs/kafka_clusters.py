"""MSK: clusters that come to be, with configurations, brokers to begin with, and storage that only grows.

moto's clusters are CREATING for ever and have no name in their ARN; it has no configurations and names no brokers. As the
service does, this refuses a name that is taken, brokers that are not as many in each zone, a configuration or revision that
is not there, to delete a configuration in use, and to make storage smaller. GetBootstrapBrokers names one broker of each
zone, each time the next one of those that it has there.
https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html
https://docs.aws.amazon.com/msk/1.0/apireference/configurations.html
"""

import base64
import datetime
import json
import re
import uuid
from urllib.parse import unquote

from moto.kafka import urls
from moto.kafka.exceptions import BadRequestException, KafkaException, NotFoundException
from moto.kafka.models import FakeKafkaCluster, KafkaBackend
from moto.kafka.responses import KafkaResponse
from moto.utilities.utils import get_partition

PORT_OF_IAM = 9098


class ConflictException(KafkaException):
    code = 409

    def __init__(self, message: str):
        super().__init__("ConflictException", message)


class Configuration:
    def __init__(self, backend, name, description):
        partition = get_partition(backend.region_name)
        place = f"arn:{partition}:kafka:{backend.region_name}:{backend.account_id}"
        self.arn = f"{place}:configuration/{name}/{uuid.uuid4()}-1"
        self.name = name
        self.description = description
        self.created = _now()
        self.revisions = []

    def revise(self, properties, description):
        self.revisions.append({"created": _now(), "description": description, "properties": properties})

    def revision(self, number):
        if not 1 <= number <= len(self.revisions):
            raise BadRequestException(f"The configuration {self.arn} has no revision {number}.")
        one = self.revisions[number - 1]
        return {"creationTime": one["created"], "description": one["description"], "revision": number}

    def described(self):
        return {
            "arn": self.arn,
            "creationTime": self.created,
            "description": self.description,
            "kafkaVersions": [],
            "latestRevision": self.revision(len(self.revisions)),
            "name": self.name,
            "state": "ACTIVE",
        }


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _configurations(backend):
    return backend.__dict__.setdefault("configurations", {})


def _configuration(backend, arn):
    if arn not in _configurations(backend):
        raise BadRequestException("Configuration ARN does not exist.")
    return _configurations(backend)[arn]


def _cluster(backend, arn):
    if arn not in backend.clusters:
        raise NotFoundException(f"There is no cluster {arn}.")
    return backend.clusters[arn]


def _operations(cluster):
    return cluster.__dict__.setdefault("operations", {})


def _operation(cluster, kind):
    """What is asked for is done at once."""
    arn = f"{cluster.arn.replace(':cluster/', ':cluster-operation/')}/{uuid.uuid4()}"
    _operations(cluster)[arn] = kind
    return json.dumps({"clusterArn": cluster.arn, "clusterOperationArn": arn})


def _path(response):
    return unquote(response.parsed_url.path)


def _arn_in(response, kind, end=""):
    return re.search(rf"/{kind}/(arn:.+){end}$", _path(response)).group(1)


def _given(response):
    return json.loads(response.body) if response.body else {}


def _check(backend, given):
    if any(cluster.cluster_name == given["clusterName"] for cluster in backend.clusters.values()):
        raise ConflictException(f"A cluster named {given['clusterName']} exists already.")
    if given["numberOfBrokerNodes"] % len(given["brokerNodeGroupInfo"]["clientSubnets"]):
        raise BadRequestException("The number of broker nodes must be a multiple of the number of zones.")
    configuration = given.get("configurationInfo")
    if configuration:
        _configuration(backend, configuration["arn"]).revision(configuration["revision"])


def apply() -> None:
    create = KafkaResponse.create_cluster
    describe_v2 = KafkaBackend.describe_cluster_v2
    describe = KafkaBackend.describe_cluster

    def generate_arn(self):
        place = f"arn:{get_partition(self.region_name)}:kafka:{self.region_name}:{self.account_id}"
        return f"{place}:cluster/{self.cluster_name}/{self.cluster_id}-2"

    def create_cluster(self):
        _check(self.kafka_backend, _given(self))
        return create(self)

    def shown(given):
        def describe_cluster(self, cluster_arn):
            # Who created it was told that it is not there yet.
            _cluster(self, cluster_arn).state = "ACTIVE"
            return given(self, cluster_arn)

        return describe_cluster

    def get_bootstrap_brokers(self):
        cluster = _cluster(self.kafka_backend, _arn_in(self, "clusters", "/bootstrap-brokers"))
        zones = len(cluster.broker_node_group_info["clientSubnets"])
        cluster.asked = getattr(cluster, "asked", -1) + 1
        turn = cluster.asked % (cluster.number_of_broker_nodes // zones)
        suffix = f"{cluster.cluster_name}.{cluster.cluster_id[:6]}.c2.kafka.{self.region}.amazonaws.com"
        numbers = [turn * zones + zone + 1 for zone in range(zones)]
        login = (cluster.client_authentication or {}).get("sasl", {})
        if not login.get("iam", {}).get("enabled"):
            return json.dumps({})
        named = ",".join(f"b-{number}.{suffix}:{PORT_OF_IAM}" for number in numbers)
        return json.dumps({"bootstrapBrokerStringSaslIam": named})

    def delete_cluster(self):
        arn = _arn_in(self, "clusters")
        _cluster(self.kafka_backend, arn)
        del self.kafka_backend.clusters[arn]
        return json.dumps({"clusterArn": arn, "state": "DELETING"})

    def update_broker_storage(self):
        cluster = _cluster(self.kafka_backend, _arn_in(self, "clusters", "/nodes/storage"))
        storage = cluster.broker_node_group_info["storageInfo"]["ebsStorageInfo"]
        size = _given(self)["targetBrokerEBSVolumeInfo"][0]["volumeSizeGB"]
        if size <= storage["volumeSize"]:
            raise BadRequestException("The target volume size must be larger than the current one.")
        storage["volumeSize"] = size
        return _operation(cluster, "INCREASE_BROKER_STORAGE")

    def update_cluster_configuration(self):
        cluster, given = _cluster(self.kafka_backend, _arn_in(self, "clusters", "/configuration")), _given(self)
        asked = given["configurationInfo"]
        _configuration(self.kafka_backend, asked["arn"]).revision(asked["revision"])
        cluster.configuration_info = asked
        return _operation(cluster, "UPDATE_CLUSTER_CONFIGURATION")

    def describe_cluster_operation(self):
        arn = _arn_in(self, "operations")
        found = [one for one in self.kafka_backend.clusters.values() if arn in _operations(one)]
        if not found:
            raise NotFoundException(f"There is no operation {arn}.")
        cluster = found[0]
        told = {
            "clusterArn": cluster.arn,
            "operationArn": arn,
            "operationState": "UPDATE_COMPLETE",
            "operationType": _operations(cluster)[arn],
        }
        return json.dumps({"clusterOperationInfo": told})

    def create_configuration(self):
        backend, given = self.kafka_backend, _given(self)
        if any(one.name == given["name"] for one in _configurations(backend).values()):
            raise ConflictException(f"A configuration named {given['name']} exists already.")
        made = Configuration(backend, given["name"], given.get("description", ""))
        made.revise(base64.b64decode(given["serverProperties"]), made.description)
        _configurations(backend)[made.arn] = made
        return json.dumps(made.described())

    def describe_configuration(self):
        return json.dumps(_configuration(self.kafka_backend, _arn_in(self, "configurations")).described())

    def describe_configuration_revision(self):
        arn = _arn_in(self, "configurations", r"/revisions/\d+")
        number = int(_path(self).rsplit("/", 1)[1])
        found = _configuration(self.kafka_backend, arn)
        properties = base64.b64encode(found.revisions[number - 1]["properties"]).decode()
        return json.dumps({**found.revision(number), "arn": arn, "serverProperties": properties})

    def update_configuration(self):
        given = _given(self)
        found = _configuration(self.kafka_backend, _arn_in(self, "configurations"))
        found.revise(base64.b64decode(given["serverProperties"]), given.get("description", ""))
        return json.dumps({"arn": found.arn, "latestRevision": found.described()["latestRevision"]})

    def delete_configuration(self):
        backend, arn = self.kafka_backend, _arn_in(self, "configurations")
        _configuration(backend, arn)
        if any((one.configuration_info or {}).get("arn") == arn for one in backend.clusters.values()):
            raise BadRequestException("The configuration is in use by a cluster.")
        del _configurations(backend)[arn]
        return json.dumps({"arn": arn, "state": "DELETING"})

    FakeKafkaCluster._generate_arn = generate_arn
    KafkaBackend.describe_cluster = shown(describe)
    KafkaBackend.describe_cluster_v2 = shown(describe_v2)
    for method in (
        create_cluster,
        get_bootstrap_brokers,
        delete_cluster,
        update_broker_storage,
        update_cluster_configuration,
        describe_cluster_operation,
        create_configuration,
        describe_configuration,
        describe_configuration_revision,
        update_configuration,
        delete_configuration,
    ):
        setattr(KafkaResponse, method.__name__, method)
    urls.url_paths["{0}/v1/operations/(?P<arn>.+)$"] = KafkaResponse.dispatch
    urls.url_paths["{0}/v1/configurations$"] = KafkaResponse.dispatch
    urls.url_paths["{0}/v1/configurations/(?P<arn>.+)$"] = KafkaResponse.dispatch
