# A user for a program, its token in an encrypted file, and a role of its own.
terraform {
  required_version = ">= 1.11"
  required_providers {
    velocloud = {
      source = "steward.example/steward/velocloud"
    }
  }
}

variable "vco_url" {
  type    = string
  default = "https://vco.example.net"
}

variable "vco_token" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "age_recipient" {
  type        = string
  description = "Public key of whoever may read the secrets: steward init makes a pair."
}

provider "velocloud" {
  url         = var.vco_url
  enterprise  = "Acme"
  environment = "prod"
  credentials = { token = var.vco_token }
  sinks = {
    local = { type = "age", path = "secrets/prod", recipients = [var.age_recipient] }
  }
}

resource "velocloud_role" "auditor" {
  name        = "Auditor"
  description = "May look at everything"
  privileges  = ["Global Settings Enterprise Read Only"]
}

resource "velocloud_admin_user" "ci" {
  username   = "ci@acme.example"
  role       = "Enterprise Standard Admin"
  first_name = "CI"
  password   = { generate = true, deliver_to = "local:velocloud/ci-password" }
}

resource "velocloud_api_token" "ci" {
  owner         = velocloud_admin_user.ci.username
  name          = "ci"
  description   = "Build pipeline"
  lifetime      = "90d"
  rotate_before = "14d"
  deliver_to    = "local:velocloud/ci-token"
}

output "token_expires_at" {
  value = velocloud_api_token.ci.expires_at
}
