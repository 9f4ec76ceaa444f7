# A system user of the IMOS Platform with its API token, set up at the console by a browser. A license that it needs meanwhile is borrowed.
# The browser: npm install playwright-core @sparticuz/chromium, in this folder, unless Chrome, Chromium or Edge is installed.
terraform {
  required_version = ">= 1.11"
  required_providers {
    veson = {
      source = "steward.example/steward/veson"
    }
  }
}

variable "veson_url" {
  type    = string
  default = "https://acme.imos.example"
}

variable "veson_username" {
  type    = string
  default = "steward"
}

variable "veson_password" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "age_recipient" {
  type        = string
  description = "Public key of whoever may read the secrets: steward init makes a pair."
}

provider "veson" {
  url            = var.veson_url
  company_domain = "acme.example"
  environment    = "prod"
  credentials    = { username = var.veson_username, password = var.veson_password }
  # People who agreed to be deactivated for a few minutes when no license is free.
  license = { limit = 25, borrow_from = ["j.doe"] }
  sinks = {
    local = { type = "age", path = "secrets/prod", recipients = [var.age_recipient] }
  }
}

resource "veson_group" "integrations" {
  group_name  = "Integrations"
  description = "Systems that read voyages"
}

resource "veson_user" "voyages" {
  user_name      = "sys.voyages"
  full_name      = "Voyage export"
  api_permission = "read"
  groups         = [veson_group.integrations.group_name]
  password       = { generate = true, deliver_to = "local:veson/voyages-password" }
}

# Its value is in the sink before anything else happens.
resource "veson_api_token" "voyages" {
  owner        = veson_user.voyages.user_name
  rotate_every = "180d"
  deliver_to   = "local:veson/voyages"
}
