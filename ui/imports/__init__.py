"""The import window: files, their diagnosis, the choices, the import itself, its undoing."""
