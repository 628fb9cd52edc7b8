"""What a built model tells of its layers and parameters. Nothing of it is called, and no layer is made."""
