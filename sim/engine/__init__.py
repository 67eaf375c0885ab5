"""How runs are handed out to processes and remembered; nothing here can change a number."""
