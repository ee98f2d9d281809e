"""What serves consoles to other machines: SSH, a local socket, a browser view."""
