# MOCO-SERV, which people make at the console, before the first app approval; and a user with a role by the API.
terraform {
  required_version = ">= 1.11"
  required_providers {
    momentus = {
      source = "steward.example/steward/momentus"
    }
  }
}

variable "momentus_secret" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "momentus_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "age_recipient" {
  type        = string
  description = "Public key of whoever may read the secrets: steward init makes a pair."
}

provider "momentus" {
  url           = "https://acme.example.net/prod"
  hand          = "person"
  serial_number = "12345"
  connect_url   = "https://connect.example.net"
  environment   = "prod"
  license       = { mail_from = "iam@example.com" }
  credentials   = { api_user_id = "STEWARD", secret = var.momentus_secret, key = var.momentus_key }
  sinks = {
    local = { type = "age", path = "secrets/prod", recipients = [var.age_recipient] }
  }
}

resource "momentus_api_user" "moco_serv" {
  user_id      = "MOCO-SERV"
  display_name = "Momentus Connect"
  organization = "any"
  deliver_to   = "local:momentus/moco-serv"
}

# Terraform does not know that MOCO-SERV comes first: say it.
resource "momentus_app_approval" "floor_plan" {
  app        = "Floor Plan Studio"
  depends_on = [momentus_api_user.moco_serv]
}

resource "momentus_user" "rpark" {
  id           = "RPARK"
  display_name = "Robin Park"
  organization = "10"
  email        = "robin.park@venue.example"
}

resource "momentus_role" "sales" {
  id           = "SALES"
  display_name = "Sales"
  on_remove    = "forget"
}

resource "momentus_user_role" "rpark_sales" {
  user = momentus_user.rpark.id
  role = momentus_role.sales.id
}
