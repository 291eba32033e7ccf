"""What AWS does and moto does otherwise, one module for each difference."""

from . import (
    bucket_policies,
    composite_checksum,
    conditional_writes,
    databases,
    delete_markers,
    endpoint_services,
    functions,
    group_names,
    instance_monitoring,
    interface_endpoints,
    kafka_clusters,
    list_versions,
    machine_console,
    machine_images,
    maintenance_options,
    multipart_result,
    network_interface_release,
    object_content,
    one_rule_change_at_a_time,
    private_certificates,
    private_zones,
    rule_descriptions,
    scalable_target_tags,
    termination_protection,
    unknown_rules,
    user_data,
    volume_detach,
)

ALL = (
    bucket_policies,
    composite_checksum,
    conditional_writes,
    databases,
    delete_markers,
    endpoint_services,
    functions,
    group_names,
    instance_monitoring,
    interface_endpoints,
    kafka_clusters,
    list_versions,
    machine_console,
    machine_images,
    maintenance_options,
    multipart_result,
    network_interface_release,
    object_content,
    private_certificates,
    private_zones,
    rule_descriptions,
    scalable_target_tags,
    termination_protection,
    unknown_rules,
    user_data,
    volume_detach,
    # Around what the others make of the same calls.
    one_rule_change_at_a_time,
)


def apply_all() -> None:
    for repair in ALL:
        repair.apply()
