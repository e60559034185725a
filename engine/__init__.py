"""The process boundary: protocol, client, worker, set-up of the environment."""
