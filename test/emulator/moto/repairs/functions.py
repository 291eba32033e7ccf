"""Lambda: a function keeps how it logs, stands in its network, and is run by whoever plays it.

moto forgets LoggingConfig, so that every plan wants to write it again; it gives a function no network interface, and calls
it by Docker, outside of every network. Whoever plays functions is asked `function-answer`, with all that Lambda knows of
the function, its program too, and says what it answered.
https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import base64
import uuid

import events
import questions
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.ec2.models import ec2_backends

# Longer than the function's own time: its place has to be made the first time.
MORE_SECONDS = 60


def _enter_network(function) -> None:
    """One interface for each subnet, as Lambda makes them, by which others know the function."""
    network = function._vpc_config or {}
    backend = ec2_backends[function.account_id][function.region]
    for subnet_id in network.get("SubnetIds") or []:
        subnet = backend.get_subnet(subnet_id)
        interface = backend.create_network_interface(
            subnet,
            subnet.get_available_subnet_ip(None),
            group_ids=network["SecurityGroupIds"],
            description=f"AWS Lambda VPC ENI-{function.function_name}-{uuid.uuid4()}",
        )
        interface.requester_managed = True
        interface.status = "in-use"
        function.interface_ids.append(interface.id)
        events.publish("ec2", function.region, "CreateNetworkInterface", {}, [interface.id])


def _leave_network(function) -> None:
    """At once: AWS takes its time."""
    backend = ec2_backends[function.account_id][function.region]
    for interface_id in function.interface_ids:
        backend.delete_network_interface(interface_id)
        events.publish("ec2", function.region, "DeleteNetworkInterface", {}, [interface_id])
    function.interface_ids = []


def _described(function, payload: str) -> dict:
    return {
        "name": function.function_name,
        "arn": function.function_arn,
        "roleArn": function.role,
        "handler": function.handler,
        "timeoutSeconds": function.timeout,
        "memoryMebibytes": function.memory_size,
        "environment": function.environment_vars,
        "interfaceIds": function.interface_ids,
        "program": base64.b64encode(function.code_bytes).decode(),
        "payload": payload,
    }


def apply() -> None:
    given_init = LambdaFunction.__init__
    given_update = LambdaFunction.update_configuration
    given_configuration = LambdaFunction.get_configuration
    given_create, given_delete = LambdaBackend.create_function, LambdaBackend.delete_function
    given_invoke = LambdaBackend.invoke

    def init(self, *args, **kwargs):
        given_init(self, *args, **kwargs)
        self.interface_ids = []
        self.logging_config = kwargs.get("spec", {}).get("LoggingConfig") or {"LogFormat": "Text"}

    def update_configuration(self, config_updates):
        network = self._vpc_config
        self.logging_config = config_updates.get("LoggingConfig") or self.logging_config
        answer = given_update(self, config_updates)
        if self._vpc_config != network:
            _leave_network(self)
            _enter_network(self)
        return answer

    def get_configuration(self, on_create=False):
        own_group = {"LogGroup": f"/aws/lambda/{self.function_name}"}
        return {**given_configuration(self, on_create), "LoggingConfig": {**own_group, **self.logging_config}}

    def create_function(self, spec):
        created = given_create(self, spec)
        _enter_network(self.get_function(created.function_name))
        return created

    def delete_function(self, function_name, qualifier=None):
        if qualifier is None:
            _leave_network(self.get_function(function_name))
        given_delete(self, function_name, qualifier)

    def invoke(self, function_name, qualifier, body, headers, response_headers):
        function = self.get_function(function_name, qualifier)
        payload = body.decode() if isinstance(body, bytes) else body
        about = _described(function, payload or "null")
        answer = questions.ask("function-answer", about, None, int(function.timeout) + MORE_SECONDS)
        if answer is None:
            return given_invoke(self, function_name, qualifier, body, headers, response_headers)
        if answer["failed"]:
            response_headers["x-amz-function-error"] = "Unhandled"
        told = answer["payload"].encode()
        response_headers["Content-Length"] = str(len(told))
        return told

    LambdaFunction.__init__ = init
    LambdaFunction.update_configuration = update_configuration
    LambdaFunction.get_configuration = get_configuration
    LambdaBackend.create_function = create_function
    LambdaBackend.delete_function = delete_function
    LambdaBackend.invoke = invoke
