"""Finding or making the environment that the engine runs in. Standard library only."""
