"""Delivery profiles: what a bureau wants, as a file; read, checked, compared with a template."""
