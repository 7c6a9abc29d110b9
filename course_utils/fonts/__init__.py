"""The font of the course's figures, and the script that rebuilds it (see README.md)."""
