# What clusters of this library are made of, and more: the emulator must hold it without a difference.
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "5.100.0" } }
}
provider "aws" { region = "eu-west-1" }
data "aws_caller_identity" "me" {}
data "aws_availability_zones" "z" { state = "available" }
data "aws_region" "r" {}
data "aws_partition" "p" {}
data "aws_ami" "debian" {
  most_recent = true
  owners      = ["136693071363"]
  filter {
    name   = "name"
    values = ["debian-13-amd64-*"]
  }
  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
}
resource "aws_vpc" "v" {
  cidr_block           = "10.40.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = "v" }
}
resource "aws_default_security_group" "d" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" {
  count             = 3
  vpc_id            = aws_vpc.v.id
  cidr_block        = cidrsubnet("10.40.0.0/16", 4, count.index)
  availability_zone = data.aws_availability_zones.z.names[count.index]
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "t" {
  count          = 3
  subnet_id      = aws_subnet.s[count.index].id
  route_table_id = aws_route_table.t.id
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.v.id
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.t.id]
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*", Condition = { StringEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.me.account_id } } }] })
}
resource "aws_vpc_endpoint" "logs" {
  vpc_id              = aws_vpc.v.id
  service_name        = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.s[*].id
  security_group_ids  = [aws_security_group.client.id]
  private_dns_enabled = true
}
data "aws_prefix_list" "s3" { name = "com.amazonaws.eu-west-1.s3" }
resource "aws_security_group" "server" {
  name                   = "server"
  description            = "Nodes"
  vpc_id                 = aws_vpc.v.id
  revoke_rules_on_delete = true
}
resource "aws_security_group" "client" {
  name        = "client"
  description = "Clients"
  vpc_id      = aws_vpc.v.id
}
resource "aws_vpc_security_group_ingress_rule" "ref" {
  security_group_id            = aws_security_group.server.id
  referenced_security_group_id = aws_security_group.client.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
  description                  = var.purpose
}
resource "aws_vpc_security_group_ingress_rule" "self" {
  security_group_id            = aws_security_group.server.id
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = 2181
  to_port                      = 2181
  description                  = "self ${var.purpose}"
}
resource "aws_vpc_security_group_ingress_rule" "cidr" {
  security_group_id = aws_security_group.server.id
  cidr_ipv4         = "10.20.1.13/32"
  ip_protocol       = "tcp"
  from_port         = 8081
  to_port           = 8082
  description       = "cidr ${var.purpose}"
}
resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.server.id
  prefix_list_id    = data.aws_prefix_list.s3.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "s3 ${var.purpose}"
}
resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id            = aws_security_group.server.id
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = 2181
  to_port                      = 2181
  description                  = "out ${var.purpose}"
  tags                         = { Name = "x" }
}
variable "purpose" { default = "what for" }
variable "instance_type" { default = "m7i.large" }
variable "protected" { default = true }
resource "aws_kms_key" "k" {
  enable_key_rotation     = true
  deletion_window_in_days = 7
  description             = "k"
  policy                  = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "a", Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }, Action = "kms:*", Resource = "*" }] })
}
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.id
}
resource "aws_cloudwatch_log_group" "f" {
  name              = "flow"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.k.arn
}
resource "aws_iam_role" "f" {
  name               = "flow"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "vpc-flow-logs.amazonaws.com" } }] })
}
resource "aws_flow_log" "f" {
  vpc_id                   = aws_vpc.v.id
  traffic_type             = "ALL"
  log_destination          = aws_cloudwatch_log_group.f.arn
  iam_role_arn             = aws_iam_role.f.arn
  max_aggregation_interval = 60
}
resource "aws_s3_bucket" "log" {
  bucket        = "my-logs"
  force_destroy = true
}
resource "aws_s3_bucket_policy" "log" {
  bucket = aws_s3_bucket.log.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Sid = "l", Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", Resource = "${aws_s3_bucket.log.arn}/*", Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.me.account_id }, ArnLike = { "aws:SourceArn" = aws_s3_bucket.b.arn } } },
  { Sid = "t", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.log.arn, "${aws_s3_bucket.log.arn}/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}
resource "aws_s3_bucket_server_side_encryption_configuration" "log" {
  bucket = aws_s3_bucket.log.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
resource "aws_s3_bucket" "b" {
  bucket        = "my-checkpoints"
  force_destroy = true
}
resource "aws_s3_bucket_logging" "b" {
  bucket        = aws_s3_bucket.b.id
  target_bucket = aws_s3_bucket.log.id
  target_prefix = "x/"
  depends_on    = [aws_s3_bucket_policy.log]
}
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_ownership_controls" "b" {
  bucket = aws_s3_bucket.b.id
  rule { object_ownership = "BucketOwnerEnforced" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Sid = "t", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } },
  { Sid = "f", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"], Condition = { StringNotEquals = { "aws:PrincipalAccount" = data.aws_caller_identity.me.account_id }, BoolIfExists = { "aws:PrincipalIsAWSService" = "false" } } }] })
  depends_on = [aws_s3_bucket_public_access_block.b]
}
resource "aws_s3_bucket_lifecycle_configuration" "b" {
  bucket     = aws_s3_bucket.b.id
  depends_on = [aws_s3_bucket_versioning.b]
  rule {
    id     = "c"
    status = "Enabled"
    filter { prefix = "checkpoints/" }
    noncurrent_version_expiration { noncurrent_days = 1 }
    expiration { expired_object_delete_marker = true }
  }
  rule {
    id     = "a"
    status = "Enabled"
    filter { prefix = "" }
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}
resource "aws_s3_object" "o" {
  bucket             = aws_s3_bucket.b.id
  key                = "desired-state/c.json"
  content            = "hello ${var.purpose}"
  content_type       = "application/json"
  source_hash        = sha256("hello ${var.purpose}")
  kms_key_id         = aws_kms_key.k.arn
  bucket_key_enabled = true
  depends_on         = [aws_s3_bucket_policy.b, aws_s3_bucket_server_side_encryption_configuration.b, aws_s3_bucket_versioning.b]
}
resource "aws_iam_role" "r" {
  name                 = "node"
  permissions_boundary = null
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "r" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.b.arn}/*" }] })
}
resource "aws_iam_instance_profile" "r" { role = aws_iam_role.r.name }
resource "aws_route53_zone" "z" {
  name    = "flink.internal"
  comment = "c"
  vpc { vpc_id = aws_vpc.v.id }
  force_destroy = false
}
resource "aws_network_interface" "n" {
  count           = 2
  subnet_id       = aws_subnet.s[count.index].id
  security_groups = [aws_security_group.server.id]
  description     = "node"
  tags            = { Name = "n" }
}
resource "aws_route53_record" "n" {
  count   = 2
  zone_id = aws_route53_zone.z.id
  name    = "node-${count.index}.c"
  type    = "A"
  ttl     = 60
  records = [aws_network_interface.n[count.index].private_ip]
}
resource "aws_ebs_volume" "d" {
  count             = 2
  availability_zone = aws_subnet.s[count.index].availability_zone
  size              = 20
  type              = "gp3"
  encrypted         = true
  kms_key_id        = aws_kms_key.k.arn
  throughput        = 125
  iops              = 3000
}
resource "aws_instance" "node" {
  count                   = 2
  ami                     = data.aws_ami.debian.id
  instance_type           = var.instance_type
  user_data_base64        = base64gzip("#!/bin/sh\necho ${var.purpose}")
  monitoring              = true
  ebs_optimized           = true
  disable_api_termination = var.protected
  disable_api_stop        = false
  iam_instance_profile    = aws_iam_instance_profile.r.name
  network_interface {
    network_interface_id = aws_network_interface.n[count.index].id
    device_index         = 0
  }
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    http_endpoint               = "enabled"
    instance_metadata_tags      = "disabled"
  }
  root_block_device {
    volume_size           = 8
    volume_type           = "gp3"
    encrypted             = true
    kms_key_id            = aws_kms_key.k.arn
    delete_on_termination = true
    tags                  = { Name = "root" }
  }
  maintenance_options { auto_recovery = "default" }
  instance_initiated_shutdown_behavior = "stop"
  tags                                 = { Name = "node" }
}
resource "aws_volume_attachment" "d" {
  count                          = 2
  instance_id                    = aws_instance.node[count.index].id
  volume_id                      = aws_ebs_volume.d[count.index].id
  device_name                    = "/dev/sdf"
  stop_instance_before_detaching = true
}
output "image" { value = data.aws_ami.debian.id }
