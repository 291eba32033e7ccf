"""RDS: a database is told of with the monitoring that it was given, and a parameter with who set it; the secret of its
administrator is one.

moto forgets MonitoringInterval, MonitoringRoleArn and all of Performance Insights, and says of no parameter that the user
set it: every plan differs. A password that RDS manages is the same everywhere in moto, and of somebody called admin.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Parameter.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
"""

import json
import secrets

from moto.rds.models import DBInstance, DBParameterGroup, MasterUserSecret

# As a call gives them, and as the answer names them.
KEPT = {
    "monitoring_interval": "monitoring_interval",
    "monitoring_role_arn": "monitoring_role_arn",
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}


def _keep(database, given) -> None:
    for name, told in KEPT.items():
        if name in given:
            setattr(database, told, given[name])


def apply() -> None:
    create, update = DBInstance.__init__, DBInstance.update
    update_parameters = DBParameterGroup.update_parameters

    def create_and_keep(self, *arguments, **given):
        create(self, *arguments, **given)
        _keep(self, given)

    def update_and_keep(self, **given):
        update(self, **given)
        _keep(self, given)

    def update_as_user(self, new_parameters):
        update_parameters(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    def generate_secret_string(self):
        return json.dumps({"username": self.resource.master_username, "password": secrets.token_urlsafe(21)})

    DBInstance.__init__ = create_and_keep
    DBInstance.update = update_and_keep
    DBParameterGroup.update_parameters = update_as_user
    MasterUserSecret._generate_secret_string = generate_secret_string
