"""Keys: the registry of all that can be done, keymaps, key by key in turn, and what help says."""
