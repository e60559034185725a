"""The jobs as Processing algorithms, generated from their declarations."""
