"""The fictional border county: its generator, its files and the truth planted in them."""
