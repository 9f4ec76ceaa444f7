# An API user of a shop with a group of its own, set up at the console by a browser; and the key of the installation.
# The browser: npm install playwright-core @sparticuz/chromium, in this folder, unless Chrome, Chromium or Edge is installed.
terraform {
  required_version = ">= 1.11"
  required_providers {
    ipresso = {
      source = "steward.example/steward/ipresso"
    }
  }
}

variable "ipresso_url" {
  type    = string
  default = "https://acme.ipresso.pl"
}

variable "ipresso_username" {
  type    = string
  default = "steward@acme.example"
}

variable "ipresso_password" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "age_recipient" {
  type        = string
  description = "Public key of whoever may read the secrets: steward init makes a pair."
}

provider "ipresso" {
  url         = var.ipresso_url
  environment = "prod"
  credentials = { username = var.ipresso_username, password = var.ipresso_password }
  sinks = {
    local = { type = "age", path = "secrets/prod", recipients = [var.age_recipient] }
  }
}

# Always there, and never removed: only what is written here is managed.
resource "ipresso_api_settings" "panel" {
  validity_seconds = 3600
  deliver_to       = "local:ipresso/customer-key"
}

resource "ipresso_user_group" "shop" {
  name        = "Shop integration"
  permissions = ["GET contact", "POST contact"]
}

resource "ipresso_api_user" "shop" {
  login             = "shop.orders"
  name              = "Shop"
  surname           = "Orders"
  email             = "shop.orders@acme.example"
  groups            = [ipresso_user_group.shop.name]
  allowed_addresses = ["203.0.113.10"]
  password          = { generate = true, deliver_to = "local:ipresso/shop-orders" }
  # The key of the installation proves the password, and Terraform does not know that it comes first: say it.
  depends_on = [ipresso_api_settings.panel]
}
