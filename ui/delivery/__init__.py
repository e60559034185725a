"""The window of delivery profiles: what a bureau is handed in, shown, changed and checked."""
